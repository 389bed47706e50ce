import { describe, expect, it } from "vitest";
import { makeVisible, readPart, showEncoded, showPart } from "../../inspector/token-parts.ts";

const encode = (text: string): string => Buffer.from(text).toString("base64url");
const nested = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;

describe("the parts of a token that is shown", () => {
	it("are JSON with line breaks", () => {
		expect(showPart(encode('{"a":[1]}'))).toBe('{\n  "a": [\n    1\n  ]\n}');
		expect(showPart(encode(nested(32))).split("\n")).toHaveLength(63);
	});

	it.each([33, 3_000])(
		"T104: aren't indented if they are nested %i levels deep, which would make megabytes of spaces",
		(depth) => {
			for (const text of [nested(depth), `{"a":${nested(depth)}}`]) {
				// A difference would be megabytes, too.
				expect(showPart(encode(text)) === text).toBe(true);
			}
		},
	);

	it("T104: aren't decoded every second if they are larger than any token", () => {
		const large = encode(`{"iss":"${"x".repeat(12_300)}"}`);
		expect(showPart(large)).toBe("This is too long to be shown.");
		expect(readPart(large)).toEqual({});
		expect(showEncoded(large)).toBe(`${large.slice(0, 16_384)}…`);
		const fitting = encode(`{"iss":"${"x".repeat(12_000)}"}`);
		expect(readPart(fitting)).toEqual({ iss: "x".repeat(12_000) });
		expect(showEncoded(fitting)).toBe(fitting);
	});

	it.each([
		["a control character", "\u0007"],
		["a mark of direction", "\u202e"],
		["a line separator", "\u2028"],
		["a tag", "\u{e0041}"],
		["a variation selector", "\ufe0f"],
		["a supplementary variation selector", "\u{e0100}"],
		["a grapheme joiner", "\u034f"],
		["a Hangul filler", "\u3164"],
		["a half-width Hangul filler", "\uffa0"],
		["a blank of Braille", "\u2800"],
	])("show %s, which can't be seen", (_what, character) => {
		const visible = `\\u{${character.codePointAt(0)?.toString(16)}}`;
		expect(makeVisible(`admin${character}`)).toBe(`admin${visible}`);
		expect(showPart(encode(`{"sub":"admin${character}"}`))).not.toContain(character);
	});

	it("leave letters of every script as they are", () => {
		for (const text of ["héllo", "日本語", "한국어", "עברית", "हिन्दी"]) expect(makeVisible(text)).toBe(text);
	});
});
