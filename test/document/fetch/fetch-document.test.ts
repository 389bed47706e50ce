import { once } from "node:events";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { DocumentTransport } from "../../../src/document/fetch/document-response.ts";
import {
	createDocumentFetcher,
	type DocumentFetchOptions,
	documentTimeoutMs,
} from "../../../src/document/fetch/fetch-document.ts";
import { deepFreeze } from "../../support/deep-freeze.ts";
import { useDocumentServer } from "../../support/document-server.ts";
import { useRawServer } from "../../support/raw-server.ts";
import { expectRefusal } from "../../support/refusal.ts";

const V0 = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG";
const LOCAL: DocumentFetchOptions = { allowHttp: true, allowPrivateAddresses: true };
const DOCUMENT = '{"name":"Ägypten"}';

const server = useDocumentServer();
const raw = useRawServer();

async function fetchText(uri: string, options: DocumentFetchOptions = LOCAL): Promise<string> {
	const bytes = await createDocumentFetcher(options)(uri);
	return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}

function redirect(path: string, location: string, status = 302): string {
	return server.serve(path, "", { status, headers: { location } });
}

describe("createDocumentFetcher", () => {
	it("fetches the exact bytes, without caching", async () => {
		const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
		const url = server.serve("/bytes.json", bytes);
		const fetchDocument = createDocumentFetcher(deepFreeze({ ...LOCAL }));
		expect(await fetchDocument(url)).toEqual(bytes);
		expect(await fetchDocument(url)).toEqual(bytes);
		expect(server.requests("/bytes.json")).toBe(2);
	});

	it("sends a bare GET: no cookies, authorization, fragment or content coding", async () => {
		raw.answer = (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
		raw.requests.length = 0;
		expect(await fetchText(`${raw.url}/org.json?a=b#part`)).toBe("{}");
		const [line, ...headers] = (raw.requests[0] ?? "").trimEnd().split("\r\n");
		expect(line).toBe("GET /org.json?a=b HTTP/1.1");
		expect(headers.map((header) => header.toLowerCase()).sort()).toEqual([
			"accept-encoding: identity",
			"accept: application/json",
			"connection: close",
			`host: 127.0.0.1:${raw.port}`,
			"user-agent: orgpass",
		]);
	});

	it("reads a data: URI without a request", async () => {
		const before = server.requests();
		expect(await fetchText("data:application/json,%7B%7D", { allowData: true })).toBe("{}");
		expect(server.requests()).toBe(before);
		await expectRefusal(() => fetchText("data:application/json,{}"), "document/uri-refused");
	});

	it("reads a body without a content-length, and a chunked one", async () => {
		const answers = [
			`HTTP/1.1 200 OK\r\n\r\n${DOCUMENT}`,
			"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
		];
		raw.answer = (socket) => socket.end(answers.shift() ?? "");
		expect(await fetchText(raw.url)).toBe(DOCUMENT);
		expect(await fetchText(raw.url)).toBe("{}");
	});

	it("accepts maxBytes and rejects one byte more, announced or not", async () => {
		const options = { ...LOCAL, maxBytes: 20_000 };
		const full = "a".repeat(20_000);
		expect(await fetchText(server.serve("/full.json", full), options)).toBe(full);
		await expectRefusal(() => fetchText(server.serve("/more.json", `${full}a`), options), "document/too-large");
		raw.answer = (socket) => socket.end(`HTTP/1.1 200 OK\r\n\r\n${full}`);
		expect(await fetchText(raw.url, options)).toBe(full);
		raw.answer = (socket) => socket.end(`HTTP/1.1 200 OK\r\n\r\n${full}a`);
		await expectRefusal(() => fetchText(raw.url, options), "document/too-large");
	});

	it("accepts 1 MiB by default", async () => {
		const full = "a".repeat(2 ** 20);
		expect(await fetchText(server.serve("/mib.json", full))).toBe(full);
		const url = server.serve("/mib1.json", `${full}a`);
		const error = await expectRefusal(() => fetchText(url), "document/too-large");
		expect(error.details).toEqual({ host: new URL(url).host, maxBytes: 2 ** 20 });
	});

	it("fetches no http: URL by default", async () => {
		const url = server.serve("/plain.json", "{}");
		await expectRefusal(() => fetchText(url, { allowPrivateAddresses: true }), "document/uri-refused");
	});

	it.each([
		[60, 10],
		[0.01, 60_000],
	])("ends after the shorter of two limits: %d s, %d ms", async (timeoutSeconds, limitMs) => {
		const fetchDocument = createDocumentFetcher({ timeoutSeconds }, () => new Promise(() => undefined));
		const error = await expectRefusal(() => fetchDocument("https://example.com/", limitMs), "document/unreachable");
		expect(error.message).toMatch(/did not respond completely within 10 ms$/);
	});

	it("waits five seconds by default, and never longer than a timer can", () => {
		expect(documentTimeoutMs({})).toBe(5_000);
		expect(documentTimeoutMs({ timeoutSeconds: 0.4 })).toBe(400);
		expect(documentTimeoutMs({ timeoutSeconds: 10 ** 9 })).toBe(2 ** 31 - 1);
	});

	it("reads its options once", async () => {
		const options: { -readonly [K in keyof DocumentFetchOptions]: DocumentFetchOptions[K] } = { ...LOCAL };
		const fetchDocument = createDocumentFetcher(options);
		options.allowHttp = false;
		expect(await fetchDocument(server.serve("/once.json", "{}"))).toHaveLength(2);
	});

	it.each([
		["allowHTTP", true, "config/unknown-option"],
		["timeout", 5, "config/unknown-option"],
		["allowHttp", "yes", "config/invalid-option"],
		["allowPrivateAddresses", 1, "config/invalid-option"],
		["maxBytes", 0, "config/invalid-option"],
		["maxBytes", 1.5, "config/invalid-option"],
		["timeoutSeconds", 0, "config/invalid-option"],
		["timeoutSeconds", Number.NaN, "config/invalid-option"],
		["maxRedirects", -1, "config/invalid-option"],
		["ipfsGateway", "ipfs.io", "config/invalid-option"],
		["ipfsGateway", "ftp://ipfs.io", "config/invalid-option"],
		["ipfsGateway", "https://user:pw@ipfs.io", "config/invalid-option"],
		["ipfsGateway", "https://ipfs.io?x", "config/invalid-option"],
	] as const)("rejects the option %s: %s", async (name, value, code) => {
		const error = await expectRefusal(() => createDocumentFetcher({ [name]: value }), code);
		expect(error.message).toMatch(/^createDocumentFetcher/);
		expect(error.details).toEqual({ option: name });
	});
});

describe("status", () => {
	const OUTAGES = [201, 203, 204, 206, 400, 401, 402, 403, 405, 407, 408, 413, 421, 429, 451, 500, 502, 503, 504, 599];
	it.each(OUTAGES)("%d says nothing about the document", async (status) => {
		const url = server.serve(`/s${status}.json`, DOCUMENT, { status });
		const error = await expectRefusal(() => fetchText(url), "document/unreachable");
		expect(error.details).toMatchObject({ host: new URL(url).host, status });
	});

	it.each([404, 410])("%d says that there is none", async (status) => {
		const url = server.serve(`/s${status}.json`, DOCUMENT, { status });
		const error = await expectRefusal(() => fetchText(url), "document/status");
		expect(error.details).toMatchObject({ host: new URL(url).host, status });
	});

	it("headers that are too large are an outage, and the error says so", async () => {
		raw.answer = (socket) => socket.end(`HTTP/1.1 200 OK\r\nx: ${"x".repeat(2 ** 17)}\r\n\r\n{}`);
		const error = await expectRefusal(() => fetchText(raw.url), "document/unreachable");
		expect(error.message).toMatch(/sent headers that are too large \(HPE_HEADER_OVERFLOW\)$/);
	});

	it("a refused connection, a malformed response, an early end and a reset are outages", async () => {
		const error = await expectRefusal(() => fetchText("http://127.0.0.1:2/x"), "document/unreachable");
		expect(error.message).toContain("ECONNREFUSED");
		const broken = ["", "hello\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}", "HTTP/1.1 200 OK\r\n"];
		for (const answer of broken) {
			raw.answer = (socket) => socket.end(answer);
			await expectRefusal(() => fetchText(raw.url), "document/unreachable");
		}
		raw.answer = (socket) => socket.resetAndDestroy();
		await expectRefusal(() => fetchText(raw.url), "document/unreachable");
	});

	it("doesn't show what a broken host sent", async () => {
		raw.answer = (socket) => socket.end("HTTP/1.1 404 \u001b[31mOops\r\nserver: \u0007\r\n\r\nstack at Object");
		const error = await expectRefusal(() => fetchText(raw.url), ["document/status", "document/unreachable"]);
		expect(error.message).toMatch(/^[ -~]*$/);
		expect(error.message).not.toMatch(/Oops|stack/);
	});
});

describe("content", () => {
	it.each([
		...["application/json", "application/json; charset=utf-8", 'application/json;charset="UTF-8"', "text/plain"],
		...["application/ld+json", "application/did+json", "application/vc+ld+json", "application/octet-stream"],
		...["APPLICATION/JSON", "text/plain; charset=us-ascii", "application/json; profile=x"],
	])("accepts %s", async (type) => {
		const url = server.serve("/type.json", DOCUMENT, { headers: { "content-type": type } });
		expect(await fetchText(url)).toBe(DOCUMENT);
	});

	it("accepts the identity coding and a missing content type", async () => {
		raw.answer = (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-encoding: identity\r\n\r\n{}");
		expect(await fetchText(raw.url)).toBe("{}");
	});

	it.each(["gzip", "br", "deflate", "zstd", "gzip, identity", "x-unknown"])(
		"in the encoding %s, which wasn't requested, is an outage",
		async (coding) => {
			const url = server.serve("/c.json", gzipSync("{}"), { headers: { "content-encoding": coding } });
			const error = await expectRefusal(() => fetchText(url), "document/unreachable");
			expect(error.message).toMatch(/the content-encoding wasn't requested$/);
		},
	);

	it.each(["text/html", "Text/HTML; charset=utf-8", "text/html ;x", "application/xhtml+xml"])(
		"of type %s is an outage",
		async (type) => {
			const url = server.serve("/page", "<!doctype html>", { headers: { "content-type": type } });
			const error = await expectRefusal(() => fetchText(url), "document/unreachable");
			expect(error.message).toMatch(/did not respond with JSON$/);
		},
	);

	it("rejects other types", async () => {
		for (const type of ["image/png", "application/yaml", "text/html5", "x-text/html", "x;text/html"]) {
			const url = server.serve("/other", DOCUMENT, { headers: { "content-type": type } });
			await expectRefusal(() => fetchText(url), "document/content-type");
		}
	});

	it("rejects two content types; a transfer coding is an outage", async () => {
		for (const [header, code] of [
			["content-type: application/json\r\ncontent-type: text/html", "document/content-type"],
			["transfer-encoding: gzip, chunked", "document/unreachable"],
		] as const) {
			raw.answer = (socket) => socket.end(`HTTP/1.1 200 OK\r\n${header}\r\n\r\n0\r\n\r\n`);
			await expectRefusal(() => fetchText(raw.url), code);
		}
	});
});

describe("redirects", () => {
	it.each([301, 302, 303, 307, 308])("follows a %d, relative and absolute", async (status) => {
		server.serve("/there.json", DOCUMENT);
		expect(await fetchText(redirect("/relative", "there.json", status))).toBe(DOCUMENT);
		expect(await fetchText(redirect("/absolute", server.url("/there.json"), status))).toBe(DOCUMENT);
	});

	it("follows up to maxRedirects redirects", async () => {
		server.serve("/r0", DOCUMENT);
		for (const n of [1, 2, 3, 4]) redirect(`/r${n}`, `/r${n - 1}`);
		expect(await fetchText(server.url("/r3"))).toBe(DOCUMENT);
		const error = await expectRefusal(() => fetchText(server.url("/r4")), "document/redirects");
		expect(error.details).toEqual({ maxRedirects: 3 });
		expect(await fetchText(server.url("/r4"), { ...LOCAL, maxRedirects: 4 })).toBe(DOCUMENT);
		expect(await fetchText(server.url("/r0"), { ...LOCAL, maxRedirects: 0 })).toBe(DOCUMENT);
		const none = { ...LOCAL, maxRedirects: 0 };
		await expectRefusal(() => fetchText(server.url("/r1"), none), "document/redirects");
	});

	it("closes a redirect's connection before the next request", async () => {
		raw.answer = (socket) => {
			const gone = once(socket, "close");
			socket.write("HTTP/1.1 302 Found\r\nlocation: /next\r\ncontent-length: 1000\r\n\r\n");
			raw.answer = async (next) => {
				await gone;
				next.end("HTTP/1.1 200 OK\r\n\r\n{}");
			};
		};
		expect(await fetchText(raw.url)).toBe("{}");
	});

	it.each([300, 304, 305, 306])("doesn't follow a %d", async (status) => {
		const before = server.requests("/there.json");
		await expectRefusal(() => fetchText(redirect("/odd", "/there.json", status)), "document/unreachable");
		expect(server.requests("/there.json")).toBe(before);
	});

	it("rejects the second redirect if that one leads to a refused address", async () => {
		const ways = ["https://example.com/", "https://127.0.0.1/"];
		const transport: DocumentTransport = async () => {
			const location = ways.shift();
			return { status: 302, header: () => location, readBody: async () => new Uint8Array(), close() {} };
		};
		const fetchDocument = createDocumentFetcher({}, transport);
		const error = await expectRefusal(() => fetchDocument("https://example.org/"), "document/redirects");
		expect(error.details).toEqual({ host: "127.0.0.1", reason: "document/address-refused" });
	});

	it("rejects a redirect without a location", async () => {
		const url = server.serve("/no", "", { status: 302 });
		const error = await expectRefusal(() => fetchText(url), "document/redirects");
		expect(error.details).toEqual({ host: new URL(url).host, status: 302 });
	});
});

describe("the IPFS gateway", () => {
	const gateway = (): DocumentFetchOptions => ({ ipfsGateway: server.url("/gw") });

	it("may be local and use http, and may redirect to its other documents", async () => {
		server.serve(`/gw/ipfs/${V0}`, DOCUMENT);
		expect(await fetchText(`ipfs://${V0}`, gateway())).toBe(DOCUMENT);
		expect(await fetchText(V0, gateway())).toBe(DOCUMENT);
		redirect(`/gw/ipfs/${V0}/a`, `/gw/ipfs/${V0}/b`);
		server.serve(`/gw/ipfs/${V0}/b`, "{}");
		expect(await fetchText(`ipfs://${V0}/a`, gateway())).toBe("{}");
	});

	it("isn't exempt for other paths, other hosts, or documents that link to it", async () => {
		const inside = server.serve(`/gw/ipfs/${V0}/c`, "{}");
		const before = server.requests("/secret");
		for (const location of ["/secret", `${raw.url}/secret`, `/gw/ipfs/../../secret`]) {
			redirect(`/gw/ipfs/${V0}/out`, location);
			await expectRefusal(() => fetchText(`ipfs://${V0}/out`, gateway()), "document/redirects");
		}
		expect(server.requests("/secret")).toBe(before);
		await expectRefusal(() => fetchText(inside, { ...gateway(), allowHttp: true }), "document/address-refused");
	});

	it("is exempt from the address check only until a redirect leaves it", async () => {
		const inside = `http://localhost:8080/ipfs/${V0}`;
		const ways = [`${inside}/a`, "http://example.com/", `${inside}/b`];
		const asked: [string, boolean][] = [];
		const transport: DocumentTransport = async ({ url, allowPrivateAddresses }) => {
			asked.push([url.href, allowPrivateAddresses]);
			return { status: 302, header: () => ways.shift(), readBody: async () => new Uint8Array(), close() {} };
		};
		const options = { ipfsGateway: "http://localhost:8080", allowHttp: true };
		const error = await expectRefusal(() => createDocumentFetcher(options, transport)(V0), "document/redirects");
		expect(error.details).toMatchObject({ reason: "document/address-refused" });
		expect(asked).toEqual([
			[inside, true],
			[`${inside}/a`, true],
			["http://example.com/", false],
		]);
	});
});
