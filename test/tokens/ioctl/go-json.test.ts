import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeGoJson } from "../../../src/tokens/ioctl/go-json.ts";

describe("encodeGoJson", () => {
	it.each<[string, unknown, string]>([
		["order and no spaces", { b: 1, a: [true, null, "x"] }, '{"b":1,"a":[true,null,"x"]}'],
		["what could end a script", "</script>&", '"\\u003c/script\\u003e\\u0026"'],
		["line and paragraph separators", "\u2028\u2029", '"\\u2028\\u2029"'],
		["members' names, too", { "<&>": 1 }, '{"\\u003c\\u0026\\u003e":1}'],
		["quotes and backslashes", '"\\', '"\\"\\\\"'],
		["control characters", "\u0000\u001f\b\f\n\r\t", '"\\u0000\\u001f\\b\\f\\n\\r\\t"'],
		["DEL, slashes and apostrophes as they are", "\u007f/'", '"\u007f/\'"'],
		["characters beyond ASCII as they are", "é漢😀\u00a0\ufeff", '"é漢😀\u00a0\ufeff"'],
		["halves of characters", "\ud83dx\ude00", '"\ufffdx\ufffd"'],
		["text that looks escaped", "\\u003c", '"\\\\u003c"'],
		["nothing", {}, "{}"],
	])("writes %s", (_what, value, text) => {
		expect(encodeGoJson(value)).toBe(text);
	});

	it("leaves out undefined members, as omitempty does", () => {
		expect(encodeGoJson({ a: undefined, b: 0 })).toBe('{"b":0}');
	});

	it("is read back as what was written", () => {
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
