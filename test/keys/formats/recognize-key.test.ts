import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { decodeAnyBase64, describeKey, isPhrase } from "../../../src/keys/formats/recognize-key.ts";

const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const DER = publicKey.export({ type: "spki", format: "der" }).toString("base64");

describe("describeKey", () => {
	it.each([
		["a PEM", "-----BEGIN PUBLIC KEY-----"],
		["a JWK", '{"kty":"EC"}'],
		["a keystore", '{"crypto":{"ciphertext":"00"}}'],
		["a hexadecimal key", "ab".repeat(32)],
		["a hexadecimal key", `0x${"ab".repeat(32)}`],
		["a hexadecimal key", "ab".repeat(65)],
		["a key in base64", DER],
		["a key in base64", DER.replace(/=+$/, "")],
		["a key in base64", DER.replace(/.{20}/g, "$&\n")],
	])("recognizes %s in %s", (what, text) => {
		expect(describeKey(text)).toBe(what);
	});

	it.each([
		["JSON of something else", '{"a":1}'],
		["31 bytes in hexadecimal", "ab".repeat(31)],
		["66 bytes in hexadecimal", "ab".repeat(66)],
		["base64 of something else", "MAAA"],
		["text that begins with M", "Main Street 1"],
		["base64 of a key after something else", `A${DER}`],
		["nothing", ""],
	])("doesn't take %s for a key", (_what, text) => {
		expect(describeKey(text)).toBeUndefined();
	});
});

describe("decodeAnyBase64", () => {
	it.each(["+/+/", "-_-_", "-_\n-_", "+/ +/"])("reads %j in either alphabet", (text) => {
		expect(decodeAnyBase64(text)).toEqual(Uint8Array.of(0xfb, 0xff, 0xbf));
	});

	it.each(["", "=", " \n", "a", "?"])("returns undefined for %j", (text) => {
		expect(decodeAnyBase64(text)).toBeUndefined();
	});
});

describe("isPhrase", () => {
	const phrase = (words: number, word = "abandon"): string => new Array(words).fill(word).join(" ");

	it.each([12, 15, 18, 21, 24])("recognizes %d words", (count) => {
		expect(isPhrase(phrase(count))).toBe(true);
	});

	it("recognizes upper case, other whitespace, and 24 words of 8 letters", () => {
		expect(isPhrase(phrase(12).toUpperCase().replaceAll(" ", " \n "))).toBe(true);
		expect(isPhrase(phrase(24, "absolute"))).toBe(true);
		expect(isPhrase(phrase(24, "absolute").replace(" ", "  "))).toBe(true);
	});

	it.each([
		["another number of words", phrase(13)],
		["a word of two letters", `${phrase(11)} to`],
		["a word of nine letters", `${phrase(11)} abandoned`],
		["a number", `${phrase(11)} 12345`],
		["punctuation", `${phrase(11)} abandon.`],
		["more text than 24 words have", phrase(12).replaceAll(" ", " ".repeat(20))],
	])("doesn't take %s for a phrase", (_what, text) => {
		expect(isPhrase(text)).toBe(false);
	});
});
