import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeHex, encodeHex, encodeHexDigits, isHexDigits } from "../../src/encoding/hex.ts";

describe("hex", () => {
	it("encodes as lower case with 0x, and decodes either case", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
				const text = encodeHex(bytes);
				expect(text).toBe(`0x${Buffer.from(bytes).toString("hex")}`);
				expect(encodeHexDigits(bytes)).toBe(text.slice(2));
				expect(decodeHex(text)).toEqual(bytes);
				expect(decodeHex(text.slice(2).toUpperCase(), "none")).toEqual(bytes);
				expect(decodeHex(text.slice(2), "optional")).toEqual(bytes);
			}),
		);
	});

	it.each([
		["a missing 0x", "ab", "required"],
		["an unexpected 0x", "0xab", "none"],
		["0X", "0Xab", "optional"],
		["an odd number of digits", "0xabc", "required"],
		["a letter after f", "0xag", "required"],
		["a space", "0xa ", "optional"],
		["a non-ASCII character", "0xé0", "optional"],
		["a full-width digit", "0x１0", "optional"],
	] as const)("rejects %s", (_what, text, prefix) => {
		expect(() => decodeHex(text, prefix)).toThrow(SyntaxError);
	});

	it("requires 0x by default", () => {
		expect(decodeHex("0xab")).toEqual(Uint8Array.of(0xab));
		expect(() => decodeHex("ab")).toThrow(/^hex: 0x is missing$/);
	});

	it("recognizes what it can decode, other than nothing", () => {
		const text = fc.oneof(fc.string(), fc.stringMatching(/^(0[xX])?[0-9a-fA-F]{0,6}g?$/), fc.constant("0x"));
		fc.assert(
			fc.property(text, (candidate) => {
				let length = 0;
				try {
					length = decodeHex(candidate, "optional").length;
				} catch {}
				expect(isHexDigits(candidate)).toBe(length > 0);
			}),
		);
	});
});
