import type { LookupAddress } from "node:dns";
import { type LookupFunction, setDefaultAutoSelectFamily } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { createDocumentTransport } from "../../src/document/fetch/document-transport.node.ts";
import { createDocumentFetcher, type DocumentFetchOptions } from "../../src/document/fetch/fetch-document.ts";
import type { ErrorCode } from "../../src/errors/codes.ts";
import { useClientSockets } from "../support/client-sockets.ts";
import { useDocumentServer } from "../support/document-server.ts";
import { useRawServer } from "../support/raw-server.ts";
import { expectRefusal } from "../support/refusal.ts";
import { SPECIAL_V4, SPECIAL_V6, samplesOf, toNumber } from "../support/special-blocks.ts";

const LOCAL: DocumentFetchOptions = { allowHttp: true, allowPrivateAddresses: true };
const OK = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
const PUBLIC = "93.184.215.14";

const server = useDocumentServer();
const raw = useRawServer();
const { sockets, attempts } = useClientSockets();

/** A resolver that gives one answer after the other, and the last one for ever. */
function resolver(...answers: readonly (readonly string[])[]): { lookup: LookupFunction; asked: string[] } {
	const asked: string[] = [];
	const lookup: LookupFunction = (hostname, _options, callback) => {
		const answer = answers[Math.min(asked.length, answers.length - 1)] ?? [];
		asked.push(hostname);
		const found: LookupAddress[] = answer.map((address) => ({
			address,
			family: address.includes(":") ? 6 : 4,
		}));
		setImmediate(() => callback(null, found));
	};
	return { lookup, asked };
}

/** Expects a rejection without opening a socket or looking up a name. */
async function expectSilence(uri: string, code: ErrorCode): Promise<void> {
	const { lookup, asked } = resolver([PUBLIC]);
	const fetchDocument = createDocumentFetcher({ allowHttp: true }, createDocumentTransport({ lookup }));
	await expectRefusal(() => fetchDocument(uri), code);
	expect([sockets.length, asked], uri).toEqual([0, []]);
}

describe("T43: special addresses", () => {
	it("the hook observes an allowed connection", async () => {
		await createDocumentFetcher(LOCAL)(server.serve("/seen.json", "{}"));
		expect(sockets).toHaveLength(1);
		expect(attempts).toEqual(["127.0.0.1"]);
	});

	it.each(SPECIAL_V4)("T43: %s in any notation opens no socket", async (block) => {
		for (const address of samplesOf(block)) {
			for (const host of spellingsOf(address)) {
				await expectSilence(`https://${host}/org.json`, "document/address-refused");
				await expectSilence(`http://${host}:8080/org.json`, "document/address-refused");
			}
		}
	});

	it.each(SPECIAL_V6)("T43: %s opens no socket", async (block) => {
		for (const address of samplesOf(block)) {
			const long = toGroups(toNumber(address)).join(":").toUpperCase();
			await expectSilence(`https://[${address}]/org.json`, "document/address-refused");
			await expectSilence(`http://[${long}]:80/org.json`, "document/address-refused");
		}
	});

	it.each([
		...["localhost", "LOCALHOST", "localhost.", "a.localhost", "printer.local", "metadata.google.internal"],
		...["router.home.arpa", "intranet", "kubernetes", "redis.", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "local%68ost", "127.0.0.1."],
	])("T43: the name %s isn't looked up", async (host) => {
		await expectSilence(`https://${host}/org.json`, "document/address-refused");
	});

	it.each([
		...["https://[fe80::1%25eth0]/", "https://[fe80::1%eth0]/", "https://user@127.0.0.1/", "https://256.0.0.1/"],
		...["https://127.0.0.1:99999/", "https:\\\\127.0.0.1/", "file://127.0.0.1/", "https:127.0.0.1", "https://0x/.."],
	])("T43: %s opens no socket", async (uri) => {
		const { lookup, asked } = resolver([PUBLIC]);
		const fetchDocument = createDocumentFetcher({}, createDocumentTransport({ lookup }));
		await expectRefusal(() => fetchDocument(uri), ["document/uri-refused", "document/address-refused"]);
		expect([sockets.length, asked]).toEqual([0, []]);
	});
});

describe("T44: DNS responses", () => {
	it.each<[string, readonly string[]]>([
		["a private address", ["10.0.0.1"]],
		["a mixed response, private last", [PUBLIC, "127.0.0.1"]],
		["a mixed response, private first", ["127.0.0.1", PUBLIC]],
		["a mixed response of two families", [PUBLIC, "::1"]],
		["an IPv4-mapped address", ["::ffff:169.254.169.254"]],
		["an IPv4-mapped address in hex", ["::ffff:a9fe:a9fe"]],
		["a link-local address with a zone", ["fe80::1%eth0"]],
		["a NAT64 address", ["64:ff9b::7f00:1"]],
	])("T44: %s is rejected entirely", async (_what, answer) => {
		const { lookup, asked } = resolver(answer);
		const before = raw.accepted();
		const fetchDocument = createDocumentFetcher({ allowHttp: true }, createDocumentTransport({ lookup }));
		const error = await expectRefusal(
			() => fetchDocument(`http://docs.example.com:${raw.port}/`),
			"document/address-refused",
		);
		expect(error.details).toMatchObject({ host: "docs.example.com" });
		expect([asked, attempts, raw.accepted()]).toEqual([["docs.example.com"], [], before]);
	});

	it.each([true, false])(
		"T44: connects only to the address that was checked (family autoselection: %s)",
		async (raced) => {
			setDefaultAutoSelectFamily(raced);
			onTestFinished(() => setDefaultAutoSelectFamily(true));
			const { lookup, asked } = resolver(["127.0.0.1"], ["127.9.9.9"]);
			server.serve("/rebind.json", "{}");
			const { port } = new URL(server.url("/"));
			const fetchDocument = createDocumentFetcher(LOCAL, createDocumentTransport({ lookup }));
			expect(await fetchDocument(`http://docs.example.com:${port}/rebind.json`)).toHaveLength(2);
			expect(asked).toEqual(["docs.example.com"]);
			expect(sockets.map((socket) => socket.destroyed)).toEqual([true]);
			expect(attempts).toEqual(["127.0.0.1"]);
		},
	);

	it("T44: a name that resolves to nothing, fails or never resolves is an outage", async () => {
		const lookups: LookupFunction[] = [
			resolver([]).lookup,
			(_hostname, _options, callback) => callback(Object.assign(new Error("x"), { code: "ENOTFOUND" }), []),
			() => {},
		];
		for (const lookup of lookups) {
			const options = { timeoutSeconds: 0.2 };
			const fetchDocument = createDocumentFetcher(options, createDocumentTransport({ lookup }));
			await expectRefusal(() => fetchDocument("https://docs.example.com/"), "document/unreachable");
		}
		expect(sockets.every((socket) => socket.destroyed)).toBe(true);
	});
});

describe("T45: redirects", () => {
	/** Redirects from a trusted gateway, so that everything behind it is checked as in the open. */
	function follow(location: string, options: DocumentFetchOptions = {}): Promise<unknown> {
		raw.answer = (socket) => socket.end(`HTTP/1.1 302 Found\r\nlocation: ${location}\r\n\r\n`);
		const cid = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG";
		const { lookup } = resolver(["169.254.169.254"]);
		return createDocumentFetcher({ ipfsGateway: raw.url, ...options }, createDocumentTransport({ lookup }))(cid);
	}

	it.each([
		...["https://127.0.0.1/", "https://[::ffff:169.254.169.254]/", "https://localhost/", "//2130706433/"],
		...["https://0x7f.1/", "https://metadata.google.internal/", "https://rebinding.example.com/"],
		...["http://example.com/", "file:///etc/passwd", "data:application/json,{}", "ftp://example.com/", "/secret"],
		...["ipfs://QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG", "https://user:pw@example.com/", "https://["],
		...["https://exam\tple.com/", "https:\\\\127.0.0.1\\"],
	])("T45: to %s are rejected", async (location) => {
		const before = [raw.accepted(), server.requests()] as const;
		await expectRefusal(() => follow(location, { allowData: true }), "document/redirects");
		expect([raw.accepted(), server.requests()]).toEqual([before[0] + 1, before[1]]);
		expect(attempts).toEqual(["127.0.0.1"]);
	});

	it("T45: a location ends at a line break, and one with a bare CR is malformed", async () => {
		await expectRefusal(() => follow("file:///x\r\nset-cookie: a=b"), "document/redirects");
		await expectRefusal(() => follow("https://example.com/\rx: y"), ["document/unreachable", "document/redirects"]);
		expect(attempts.every((address) => address === "127.0.0.1")).toBe(true);
	});

	it("T45: loops and a fourth redirect are rejected", async () => {
		const loop = server.serve("/loop", "", { status: 302, headers: { location: "/loop" } });
		await expectRefusal(() => createDocumentFetcher(LOCAL)(loop), "document/redirects");
		expect(server.requests("/loop")).toBe(4);
		expect(sockets.every((socket) => socket.destroyed)).toBe(true);
	});

	it("T45: sends no cookie, authorization or referrer to the next host", async () => {
		raw.answer = (socket) => socket.end(`${OK}\r\n{}`);
		raw.requests.length = 0;
		const headers = { location: raw.url, "set-cookie": "session=1", "www-authenticate": "Basic" };
		await createDocumentFetcher(LOCAL)(server.serve("/cookie", "", { status: 307, headers }));
		expect(raw.requests).toHaveLength(1);
		expect(raw.requests[0]).not.toMatch(/\r\n(?:cookie|authorization|referer):/i);
	});
});

describe("T47: responses that aren't documents", () => {
	it.each<[string, ErrorCode, number, Record<string, string>]>([
		["text/html", "document/unreachable", 200, { "content-type": "text/html" }],
		["XHTML", "document/unreachable", 200, { "content-type": "application/xhtml+xml; charset=utf-8" }],
		["UTF-16", "document/content-type", 200, { "content-type": "application/json; charset=utf-16" }],
		["UTF-16LE, quoted", "document/content-type", 200, { "content-type": 'text/plain; charset="utf-16le"' }],
		["latin1", "document/content-type", 200, { "content-type": "application/json;charset=ISO-8859-1" }],
		["two charsets", "document/content-type", 200, { "content-type": "text/plain;charset=utf-8;charset=latin1" }],
		["an empty type", "document/content-type", 200, { "content-type": "" }],
		["204", "document/unreachable", 204, {}],
		["206", "document/unreachable", 206, { "content-range": "bytes 0-1/2" }],
		["201", "document/unreachable", 201, {}],
		["203", "document/unreachable", 203, {}],
		["304 without a cached document", "document/unreachable", 304, {}],
		["404 with a JSON body", "document/status", 404, {}],
		["401", "document/unreachable", 401, { "www-authenticate": "Basic" }],
		["410", "document/status", 410, {}],
		["429", "document/unreachable", 429, { "retry-after": "1" }],
		["503 with a JSON body", "document/unreachable", 503, {}],
	])("T47: %s is rejected with %s", async (_what, code, status, headers) => {
		const url = server.serve("/t47.json", '{"id":"did:orgid:1:0x00"}', { status, headers });
		await expectRefusal(() => createDocumentFetcher(LOCAL)(url), code);
		expect(sockets.every((socket) => socket.destroyed)).toBe(true);
	});
});

function toGroups(value: bigint): string[] {
	return Array.from({ length: 8 }, (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16).padStart(4, "0"));
}

/** Every way a URL parser reads one IPv4 address, and the IPv6 addresses that stand for it. */
function spellingsOf(address: string): string[] {
	const value = toNumber(address);
	const octets = address.split(".").map(Number) as [number, number, number, number];
	const [a, b, c, d] = octets;
	const hex = (n: number | bigint): string => n.toString(16);
	const [high, low] = [hex(value >> 16n), hex(value & 0xffffn)];
	return [
		address,
		`${address}.`,
		`${value}`,
		`0x${hex(value)}`,
		`0X${hex(value).toUpperCase().padStart(12, "0")}`,
		`0${value.toString(8)}`,
		octets.map((octet) => `0x${hex(octet)}`).join("."),
		octets.map((octet) => `0${octet.toString(8).padStart(3, "0")}`).join("."),
		`${a}.${b}.${c * 256 + d}`,
		`${a}.${(b * 256 + c) * 256 + d}`,
		`0${a.toString(8)}.0x${hex(b)}.${c}.${d}`,
		address.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
		address.replace(/\d/g, (digit) => (digit === "0" ? "⓪" : String.fromCodePoint(0x245f + Number(digit)))),
		address.replaceAll(".", "。"),
		address.replace(/\d/g, (digit) => `%3${digit}`),
		`[::ffff:${address}]`,
		`[::ffff:${high}:${low}]`,
		`[0:0:0:0:0:FFFF:${high}:${low}]`,
		`[::${address}]`,
		`[::ffff:0:${address}]`,
		`[64:ff9b::${address}]`,
		`[64:ff9b:1::${address}]`,
		`[2002:${high}:${low}::1]`,
		`[2001:0:${high}:${low}::]`,
	];
}
