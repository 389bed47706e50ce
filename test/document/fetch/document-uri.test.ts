import fc from "fast-check";
import { CID } from "multiformats/cid";
import { create as createDigest } from "multiformats/hashes/digest";
import { describe, expect, it } from "vitest";
import { type DocumentUriRules, parseDocumentUri, parseRedirect } from "../../../src/document/fetch/document-uri.ts";
import { isGateway } from "../../../src/document/fetch/http-url.ts";
import { OrgpassError } from "../../../src/errors/errors.ts";
import { anyCharacter } from "../../support/any-character.ts";
import { runs } from "../../support/property.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { describeWithVectors } from "../../vectors.ts";

const V0 = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG";
const V1 = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";
const STRICT: DocumentUriRules = {
	allowHttp: false,
	allowData: false,
	allowPrivateAddresses: false,
	ipfsGateway: undefined,
	maxBytes: 64,
};
const OPEN: DocumentUriRules = {
	...STRICT,
	allowHttp: true,
	allowData: true,
	ipfsGateway: "http://127.0.0.1:8080/",
};

function urlOf(uri: string, rules: DocumentUriRules = OPEN): string {
	const location = parseDocumentUri(uri, rules);
	if ("bytes" in location) expect.fail("a URL expected");
	return location.url.href;
}

function textOf(uri: string, rules: DocumentUriRules = OPEN): string {
	const location = parseDocumentUri(uri, rules);
	if ("url" in location) expect.fail("a document expected");
	return new TextDecoder().decode(location.bytes);
}

describe("URLs", () => {
	it.each([
		["https://example.com/org.json", "https://example.com/org.json"],
		["HTTPS://Example.COM", "https://example.com/"],
		["https://example.com:8443/a?b=c", "https://example.com:8443/a?b=c"],
		["https://münchen.de/ä", "https://xn--mnchen-3ya.de/%C3%A4"],
		["https://8.8.8.8/x", "https://8.8.8.8/x"],
	])("reads %s by default", (uri, href) => {
		expect(urlOf(uri, STRICT)).toBe(href);
	});

	it.each([0, 1, 7, 21, 22, 23, 25, 53, 110, 143, 465, 587, 995, 2049, 4190, 5060, 6000, 6667, 6679, 6697, 10_080])(
		"T43: port %d is rejected, in a URL, a redirect and a gateway",
		async (port) => {
			const rules = { ...OPEN, allowPrivateAddresses: true };
			const from = new URL("http://example.com/");
			for (const url of [
				`https://example.com:${port}/`,
				`http://127.0.0.1:${port}/x`,
				`http://example.com:00${port}`,
			]) {
				await expectRefusal(() => parseDocumentUri(url, rules), "document/uri-refused");
				await expectRefusal(() => parseRedirect(url, from, rules), "document/uri-refused");
				expect(isGateway(url)).toBe(false);
			}
		},
	);

	it.each([80, 443, 444, 1024, 3000, 5062, 6001, 6670, 8080, 10_081, 65_535])("port %d is fine", (port) => {
		expect(new URL(urlOf(`https://example.com:${port}/`)).hostname).toBe("example.com");
		expect(isGateway(`http://127.0.0.1:${port}`)).toBe(true);
	});

	it("T45: no redirect leads from https to http, whatever is allowed", async () => {
		const from = new URL("https://example.com/");
		for (const location of ["http://example.com/", "HTTP://other.example/", "http:/x"]) {
			await expectRefusal(() => parseRedirect(location, from, OPEN), "document/uri-refused");
		}
		expect(parseRedirect("https://other.example/", new URL("http://example.com/"), OPEN).host).toBe("other.example");
	});

	it("reads http: URLs if allowed", async () => {
		expect(urlOf("http://example.com/x")).toBe("http://example.com/x");
		await expectRefusal(() => parseDocumentUri("http://example.com/x", STRICT), "document/uri-refused");
	});

	it.each([
		...["", " ", "org.json", "//example.com/x", "/etc/passwd", "https:", "https:example.com", "https:/x.com"],
		...["https:///example.com", "https://", "https:\\\\example.com", "https://example.com\\@evil.com"],
		...[" https://example.com", "https://example.com ", "https://exa\nmple.com", "https://exa\tmple.com"],
		...["https://example.com/\u0000", "https://example.com/\u202e", "https://exa mple.com", "\ufeffhttps://a.b"],
		...["https://example.com:99999", "https://[::1", "https://[fe80::1%25eth0]/", "https://a%00b.com/"],
		...["ftp://example.com", "file:///etc/passwd", "gopher://example.com", "javascript:alert(1)", "ws://a.b"],
		...["data:application/json,{}", "blob:https://example.com/x", "ipns://example.com", "view-source:https://a.b"],
		`https://example.com/${"a".repeat(8_192)}`,
	])("rejects %j", async (uri) => {
		await expectRefusal(() => parseDocumentUri(uri, STRICT), "document/uri-refused");
	});

	it("reads 8,192 characters, but not one more", async () => {
		const uri = `https://example.com/${"a".repeat(8_172)}`;
		const from = new URL(uri);
		expect(urlOf(uri)).toBe(uri);
		expect(parseRedirect(uri, from, STRICT).href).toBe(uri);
		await expectRefusal(() => parseDocumentUri(`${uri}a`, OPEN), "document/uri-refused");
		await expectRefusal(() => parseRedirect(`${uri}a`, from, STRICT), "document/uri-refused");
	});

	it("says which scheme or host is refused", async () => {
		const { message } = await expectRefusal(() => parseDocumentUri("ftp://example.com", OPEN), "document/uri-refused");
		expect(message).toContain('"ftp:"');
		const error = await expectRefusal(() => parseDocumentUri("https://127.0.0.1/x", OPEN), "document/address-refused");
		expect(error.details).toEqual({ host: "127.0.0.1" });
	});

	it.each(["http://user@ipfs.io", "http://:pw@ipfs.io", "http:///ipfs.io", "x-http://ipfs.io", "http://ipfs.io\\"])(
		"%s isn't a gateway",
		(text) => {
			expect(isGateway(text)).toBe(false);
		},
	);

	it.each(["https://user:s3cret@example.com/", "https://s3cret@example.com/", "https://:s3cret@example.com/"])(
		"rejects the credentials of %s without repeating them",
		async (uri) => {
			const error = await expectRefusal(() => parseDocumentUri(uri, OPEN), "document/uri-refused");
			expect(`${error.message} ${JSON.stringify(error.details)}`).not.toContain("s3cret");
		},
	);

	it("shows only an escaped and shortened part of a hostile scheme", async () => {
		const uri = `x${"y".repeat(500)}://user:s3cret@host/`;
		const error = await expectRefusal(() => parseDocumentUri(uri, OPEN), "document/uri-refused");
		expect(error.message.length).toBeLessThan(200);
		expect(error.message).not.toContain("s3cret");
	});
});

describe("data: URIs", () => {
	it.each([
		["data:application/json,{}", "{}"],
		["data:,{}", "{}"],
		["DATA:application/json;charset=utf-8,%7B%22a%22:%20%22%C3%A9%22%7D", '{"a": "é"}'],
		["data:application/json;base64,e30=", "{}"],
		["data:application/json;BASE64,e30%3D", "{}"],
		["data:;charset=utf-8;base64,e30=", "{}"],
		['data:application/json,{"a":"b,c"}', '{"a":"b,c"}'],
		["data:application/json,", ""],
	])("reads %s", (uri, text) => {
		expect(textOf(uri)).toBe(text);
	});

	it.each([
		...["data:", "data:application/json", "data:application/json;base64,e30", "data:application/json;base64,e3 0="],
		...["data:application/json;base64,e31=", "data:application/json;base64,_-8=", "data:,%7", "data:,%zz", "data:,é"],
		...["data:,a b", "data:,a\nb"],
	])("rejects %j", async (uri) => {
		await expectRefusal(() => parseDocumentUri(uri, OPEN), "document/uri-refused");
	});

	it.each(["data:text/html,{}", "data:application/json;charset=utf-16,{}", "data:;charset=latin1,{}"])(
		"rejects the content type of %s",
		async (uri) => {
			await expectRefusal(() => parseDocumentUri(uri, OPEN), "document/content-type");
		},
	);

	it("accepts exactly maxBytes in every encoding", async () => {
		const full = "a".repeat(64);
		const spellings = [
			(text: string) => `data:,${text}`,
			(text: string) => `data:,${text.replaceAll("a", "%61")}`,
			(text: string) => `data:;base64,${btoa(text)}`,
			(text: string) => `data:;base64,${[...btoa(text)].map(percent).join("")}`,
		];
		for (const spell of spellings) {
			expect(textOf(spell(full))).toBe(full);
			await expectRefusal(() => parseDocumentUri(spell(`${full}a`), OPEN), "document/too-large");
			await expectRefusal(() => parseDocumentUri(spell(full.repeat(1_000)), OPEN), "document/too-large");
		}
	});
});

it("doesn't decode a data: URI that is too long", async () => {
	const uri = `data:,${"%zz".repeat(1_000)}`;
	const error = await expectRefusal(() => parseDocumentUri(uri, OPEN), "document/too-large");
	expect(error.details).toEqual({ maxBytes: OPEN.maxBytes });
});

it("says why a data: URI isn't base64", async () => {
	const error = await expectRefusal(() => parseDocumentUri("data:;base64,_w==", OPEN), "document/uri-refused");
	expect(error.cause).toBeInstanceOf(SyntaxError);
});

describe("IPFS", () => {
	it.each([
		[`ipfs://${V0}`, `/ipfs/${V0}`],
		[V0, `/ipfs/${V0}`],
		[V1, `/ipfs/${V1}`],
		[`ipfs://${V1}/org.json`, `/ipfs/${V1}/org.json`],
		[`IPFS://${V1}/a/b%20c/`, `/ipfs/${V1}/a/b%20c/`],
		[`${V0}/org.json`, `/ipfs/${V0}/org.json`],
		[`ipfs:${V0}//a`, `/ipfs/${V0}//a`],
		[`${V0}/.well-known/a./a../...`, `/ipfs/${V0}/.well-known/a./a../...`],
	])("reads %s through the gateway", (uri, path) => {
		expect(urlOf(uri)).toBe(`http://127.0.0.1:8080${path}`);
		for (const ipfsGateway of ["https://ipfs.io/base", "https://ipfs.io/base//"]) {
			expect(urlOf(uri, { ...OPEN, ipfsGateway })).toBe(`https://ipfs.io/base${path}`);
		}
	});

	it("reads a CID of 128 characters, but not a longer one", async () => {
		const cidOf = (length: number): string =>
			CID.createV1(0x55, createDigest(0, new Uint8Array(length).fill(1))).toString();
		expect(cidOf(75)).toHaveLength(128);
		expect(urlOf(cidOf(75))).toContain(cidOf(75));
		await expectRefusal(() => parseDocumentUri(cidOf(76), OPEN), "document/uri-refused");
	});

	it.each([`ipfs://${V0}`, V1])("rejects %s without a gateway", async (uri) => {
		const error = await expectRefusal(() => parseDocumentUri(uri, STRICT), "document/uri-refused");
		expect(error.message).toContain("ipfsGateway");
	});

	it.each([
		...["ipfs://", "ipfs:///x", "ipfs://example.com/x", `ipfs://${V0}x`, `ipfs://${V0.slice(0, -1)}`],
		...[`ipfs://${V1.toUpperCase()}`, `ipfs://user@${V0}`, `ipfs://${V0}:80`, `ipfs:////${V0}`],
		...[`ipfs://${V0}/../../admin`, `ipfs://${V0}/%2e%2e/%2E./admin`, `ipfs://${V0}/.`, `ipfs://${V0}/..%2fadmin`],
		...[`ipfs://${V0}/a%5cb`, `ipfs://${V0}/%00`, `ipfs://${V0}/%ff`, `ipfs://${V0}/a?format=car`, `${V0}#x`],
		...[`ipfs://${V0}/%3fx`, `https:${V0}`, V1.repeat(3)],
	])("rejects %s", async (uri) => {
		await expectRefusal(() => parseDocumentUri(uri, OPEN), "document/uri-refused");
	});
});

describe("redirects", () => {
	const from = new URL("https://example.com/a/b");

	it.each([
		["c", "https://example.com/a/c"],
		["/c?d", "https://example.com/c?d"],
		["//example.org/c", "https://example.org/c"],
		["https://example.org", "https://example.org/"],
	])("reads the location %s", (location, href) => {
		expect(parseRedirect(location, from, STRICT).href).toBe(href);
	});

	it.each([
		...["http://example.com/", "file:///etc/passwd", "data:,{}", `ipfs://${V0}`, "ftp://example.com", ""],
		...["//user:pw@example.org", "https://[", "/a b", "/\u00e9", "\\\\example.org", "/a\tb", "/\r\nx: y"],
		`/${"a".repeat(9_000)}`,
	])("rejects the location %j", async (location) => {
		await expectRefusal(() => parseRedirect(location, from, STRICT), "document/uri-refused");
	});

	it("rejects other protocols from http, too", async () => {
		const plain = new URL("http://example.com/");
		await expectRefusal(() => parseRedirect("ftp://example.com/", plain, OPEN), "document/uri-refused");
	});

	it.each(["https://127.0.0.1/", "//localhost/", "//2130706433/", "https://[::1]/", "//printer.local"])(
		"rejects the special address of %s",
		async (location) => {
			await expectRefusal(() => parseRedirect(location, from, STRICT), "document/address-refused");
		},
	);
});

describe("parseDocumentUri", () => {
	it("returns a location or throws a DocumentError for any text", () => {
		const schemes = fc.constantFrom("https://", "http://", "ipfs://", "data:", "data:;base64,", "file:///", "");
		fc.assert(
			fc.property(schemes, fc.string({ unit: anyCharacter }), (scheme, rest) => {
				try {
					parseDocumentUri(scheme + rest, OPEN);
				} catch (error) {
					expect(error).toBeInstanceOf(OrgpassError);
				}
			}),
			runs(2_000),
		);
	});
});

type UrlVector = string | { readonly input: string; readonly hostname?: string; readonly failure?: boolean };

describeWithVectors<UrlVector[]>("the URL inputs of web-platform-tests", "url/wpt_urltestdata.json", (vectors) => {
	it("never resolve to a local host, whatever the spelling", () => {
		const seen = { refused: 0, accepted: 0 };
		for (const vector of vectors) {
			if (typeof vector === "string") continue;
			try {
				const { hostname } = new URL(urlOf(vector.input, { ...OPEN, ipfsGateway: undefined, allowData: false }));
				expect(hostname, vector.input).not.toMatch(/^(?:127|0|10|192\.168)(?:\.\d+)+$|^\[::|localhost|^[^.]*$/);
				expect(vector.failure, vector.input).not.toBe(true);
				seen.accepted++;
			} catch (error) {
				if (!(error instanceof OrgpassError)) throw error;
				seen.refused++;
			}
		}
		expect(seen.refused).toBeGreaterThan(400);
		expect(seen.accepted).toBeGreaterThan(20);
	});
});

function percent(character: string): string {
	return `%${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}
