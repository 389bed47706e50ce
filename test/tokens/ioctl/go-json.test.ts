import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeGoJson } from "../../../src/tokens/ioctl/go-json.ts";

describe("encodeGoJson", () => {
	it.each<[string, unknown, string]>([
		["members in order, without spaces", { b: 1, a: [true, null, "x"] }, '{"b":1,"a":[true,null,"x"]}'],
		["characters that could end a script", "</script>&", '"\\u003c/script\\u003e\\u0026"'],
		["line and paragraph separators", "\u2028\u2029", '"\\u2028\\u2029"'],
		["escapes in member names", { "<&>": 1 }, '{"\\u003c\\u0026\\u003e":1}'],
		["quotes and backslashes", '"\\', '"\\"\\\\"'],
		["control characters", "\u0000\u001f\b\f\n\r\t", '"\\u0000\\u001f\\b\\f\\n\\r\\t"'],
		["DEL, slashes and apostrophes unchanged", "\u007f/'", '"\u007f/\'"'],
		["non-ASCII characters unchanged", "é漢😀\u00a0\ufeff", '"é漢😀\u00a0\ufeff"'],
		["lone surrogates", "\ud83dx\ude00", '"\ufffdx\ufffd"'],
		["text that looks escaped", "\\u003c", '"\\\\u003c"'],
		["nothing", {}, "{}"],
	])("encodes %s", (_what, value, text) => {
		expect(encodeGoJson(value)).toBe(text);
	});

	it("omits undefined members, like omitempty", () => {
		expect(encodeGoJson({ a: undefined, b: 0 })).toBe('{"b":0}');
	});

	it("round-trips through JSON.parse", () => {
		fc.assert(
			fc.property(fc.string({ unit: "grapheme" }), fc.integer(), (text, number) => {
				const value = { [`k${text}`]: [text, number] };
				const written = encodeGoJson(value);
				expect(JSON.parse(written)).toEqual(value);
				expect(written).not.toMatch(/[<>&\u2028\u2029]/);
			}),
		);
	});
});
