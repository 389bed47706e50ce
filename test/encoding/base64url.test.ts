import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBase64, encodeBase64 } from "../../src/encoding/base64.ts";
import * as native from "../../src/encoding/base64url.node.ts";
import * as portable from "../../src/encoding/base64url.ts";
import { decodeUtf8 } from "../../src/encoding/utf8.ts";

const bytes = fc.uint8Array({ maxLength: 200 });

describe.each([
	["in Node", native],
	["elsewhere", portable],
])("base64url %s", (_where, { decodeBase64Url, decodeBase64UrlText, encodeBase64Url, encodeBase64UrlText }) => {
	it("encodes like Node and decodes back", () => {
		fc.assert(
			fc.property(bytes, (input) => {
				const text = encodeBase64Url(input);
				expect(text).toBe(Buffer.from(input).toString("base64url"));
				expect(decodeBase64Url(text)).toEqual(input);
			}),
		);
	});

	it("encodes the UTF-8 of a text", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary" }), (text) => {
				expect(encodeBase64UrlText(text)).toBe(encodeBase64Url(new TextEncoder().encode(text)));
			}),
		);
	});

	it.each([
		["ASCII", "ascii"],
		["any text", "binary"],
	] as const)("decodes the UTF-8 of %s", (_what, unit) => {
		const texts = fc.string({ unit: unit === "ascii" ? "binary-ascii" : unit, maxLength: 2_000, size: "max" });
		fc.assert(
			fc.property(texts, (text) => {
				expect(decodeBase64UrlText(encodeBase64UrlText(text))).toBe(text.toWellFormed());
			}),
		);
	});

	it("T16: decodes only what is strict base64url and UTF-8", () => {
		fc.assert(
			fc.property(fc.oneof(bytes, fc.uint8Array({ minLength: 700, maxLength: 900 })), (input) => {
				const text = encodeBase64Url(input);
				const expected = attempt(() => decodeUtf8(input));
				expect(attempt(() => decodeBase64UrlText(text))).toBe(expected);
				expect(attempt(() => decodeBase64UrlText(`${text.slice(0, -1)}=`))).toBeUndefined();
			}),
		);
	});

	it("encodes a part of a buffer, and decodes to a buffer of its own", () => {
		const input = new Uint8Array([0, 1, 2, 3, 4]).subarray(1, 4);
		expect(encodeBase64Url(input)).toBe("AQID");
		expect(decodeBase64Url("AQID").buffer.byteLength).toBe(3);
		expect(Object.getPrototypeOf(decodeBase64Url("AQID"))).toBe(Uint8Array.prototype);
	});

	it("T10: accepts only the canonical encoding", () => {
		fc.assert(
			fc.property(fc.string({ unit: fc.constantFrom(..."AQZgw_-+/= é\n"), maxLength: 9 }), (text) => {
				const decoded = attempt(() => decodeBase64Url(text));
				if (decoded !== undefined) expect(encodeBase64Url(decoded)).toBe(text);
			}),
		);
	});

	it.each([
		["padding", "QQ=="],
		["one padding character", "QUI="],
		["the standard alphabet's +", "+_-A"],
		["the standard alphabet's /", "/_-A"],
		["a space", "QU I"],
		["a newline at the end", "QUI\n"],
		["a length of 4k + 1", "QUJDR"],
		["one character", "Q"],
		["trailing bits after one byte", "QR"],
		["trailing bits after two bytes", "QUJ"],
		["a non-ASCII character", "QUÿI"],
		["a character outside Latin-1", "QU\u{1F511}"],
		["a full-width letter", "QUＩB"],
	])("T10: rejects %s", (_what, text) => {
		expect(() => decodeBase64Url(text)).toThrow(SyntaxError);
	});

	it("doesn't repeat the text in its message", () => {
		expect(() => decodeBase64Url("secret!")).toThrow(/^base64url: a character outside the alphabet at 6$/);
	});

	it("says what is wrong with the length, or the last character", () => {
		for (const text of ["A", "AAAAA"]) expect(() => decodeBase64Url(text)).toThrow(/^base64url: invalid length$/);
		for (const text of ["QR", "QUJ"])
			expect(() => decodeBase64Url(text)).toThrow(/^base64url: non-zero trailing bits$/);
		for (const text of ["!A", "!AA", "QUI!"])
			expect(() => decodeBase64Url(text)).toThrow(`outside the alphabet at ${text.indexOf("!")}`);
		for (const text of ["A!", "A!A"]) expect(() => decodeBase64Url(text)).toThrow("outside the alphabet at 1");
		expect(() => decodeBase64Url("AA!")).toThrow("outside the alphabet at 2");
	});

	it("decodes nothing, and zeros", () => {
		expect(decodeBase64Url("")).toEqual(new Uint8Array());
		expect(["AA", "AAA", "AAAA"].map(decodeBase64Url)).toEqual([1, 2, 3].map((length) => new Uint8Array(length)));
	});

	it("takes linear time", () => {
		expect(decodeBase64Url("A".repeat(4_000_000)).length).toBe(3_000_000);
	});
});

describe("base64", () => {
	it("encodes like Node and decodes back", () => {
		fc.assert(
			fc.property(bytes, (input) => {
				const text = encodeBase64(input);
				expect(text).toBe(Buffer.from(input).toString("base64"));
				expect(decodeBase64(text)).toEqual(input);
			}),
		);
	});

	it.each(["QQ", "QQ=", "Q===", "====", "=QQ=", "QQ==QQ==", "Q_-A", "QR==", "QUI=\n", " QUI="])(
		"rejects %j",
		(text) => {
			expect(() => decodeBase64(text)).toThrow(SyntaxError);
		},
	);
});

function attempt<T>(run: () => T): T | undefined {
	try {
		return run();
	} catch (error) {
		expect(error).toBeInstanceOf(SyntaxError);
		return undefined;
	}
}
