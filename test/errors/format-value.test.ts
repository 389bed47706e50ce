import fc from "fast-check";
import { expect, it } from "vitest";
import { formatValue as describeValue, escapeText } from "../../src/errors/errors.js";
import { anyCharacter } from "../support/any-character.ts";

it("T62: escapes control sequences, bidirectional overrides and look-alikes", () => {
	expect(escapeText("a\u001b[31m\u202e\u0430\u007f\u009b")).toBe("a\\u001b[31m\\u202e\\u0430\\u007f\\u009b");
});

it("escapes any text to printable ASCII, and keeps printable ASCII", () => {
	fc.assert(
		fc.property(fc.string({ unit: anyCharacter }), (text) => {
			expect(escapeText(text)).toMatch(/^[\x20-\x7e]*$/);
		}),
	);
	expect(escapeText("did:orgid:1:0x0a#k")).toBe("did:orgid:1:0x0a#k");
});

it.each([
	["", "an empty string"],
	["did:example:1", '"did:example:1"'],
	["x".repeat(200), `"${"x".repeat(96)}"… (200 characters)`],
	[42, "42"],
	[true, "true"],
	[null, "null"],
	[undefined, "nothing"],
	[[1], "an array"],
	[{}, "an object"],
	[() => 1, "a function"],
])("formats %j as %s", (value, shown) => {
	expect(describeValue(value)).toBe(shown);
});
