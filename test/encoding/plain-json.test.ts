import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson } from "../../src/encoding/json.ts";
import { isRounded } from "../../src/encoding/json-number.ts";
import { parsePlainJson } from "../../src/encoding/plain-json.ts";
import { undefinedOnError } from "../../src/encoding/undefined-on-error.ts";

const NUMBER = /-?\d[\d.eE+-]*/g;
const PARTS = [
	..."{}[]:, ",
	'"a"',
	'"b"',
	'"__proto__"',
	'"constructor"',
	'"\\u0061"',
	'"\\""',
	'"ü"',
	'"\ud83d\ude00"',
	'"{1}"',
];
const VALUES = ["1", "-0", "0", "007", "1.0", "1e5", "1E400", "123456789012345", "9007199254740993", "true", "null"];

/** The strict parser, whose reviver keeps it from trying the quick one first. */
function parseStrictly(text: string, maxDepth: number): unknown {
	return parseJson(text, { maxDepth, numbers: (_name, value) => value });
}

/** Objects in which names may be repeated, as text. */
const object = fc
	.array(fc.tuple(fc.constantFrom("a", "b", "c", "d", "toString", "__proto__"), fc.jsonValue({ maxDepth: 2 })), {
		maxLength: 4,
	})
	.map((members) => `{${members.map(([name, value]) => `"${name}":${JSON.stringify(value)}`).join()}}`);

describe("parsePlainJson", () => {
	it.each([
		["a token's claims", '{"iss":"did:orgid:1:0x0a#key","aud":["a","b"],"iat":1700000000,"exp":1700003600,"ok":true}'],
		["whitespace", ' {\n"a" :\t[1 , {} , [] , null]}\r\n'],
		["a string", '"text"'],
		["an integer", "-12"],
		["text outside ASCII", '{"ü":"😀"}'],
	])("parses %s", (_what, text) => {
		expect(parsePlainJson(text, 32)).toEqual(JSON.parse(text));
	});

	it.each([
		["an escape", '{"a":"\\n"}'],
		["a duplicate name", '{"a":1,"b":2,"a":1}'],
		["a duplicate name whose first value is an object", '{"a":{"b":1,"c":2},"a":{"b":1}}'],
		["a duplicate name deep inside", '[[{"a":[{"b":1,"b":1}]}]]'],
		["__proto__", '{"__proto__":{"admin":true}}'],
		["constructor", '{"a":[{"constructor":1}]}'],
		["a fraction", '{"a":1.5}'],
		["an exponent", '{"a":1e3}'],
		["an upper-case exponent", '{"a":1E3}'],
		["an integer of 16 digits", '{"a":1234567890123456}'],
		["deep nesting", "[[[]]]"],
		["an unterminated string", '{"a'],
		["two numbers", "[1 2]"],
		["a trailing comma", "[1,]"],
		["nothing", ""],
	])("T16: leaves %s to the strict parser", (_what, text) => {
		expect(parsePlainJson(text, 2)).toBeUndefined();
	});

	it("leaves everything to the strict parser if prototypes were changed", () => {
		const prototype = Object.prototype as { polluted?: number };
		prototype.polluted = 1;
		const [plain, names] = [parsePlainJson('{"a":1}', 32), Object.keys(parseJson('{"a":1}') as object)];
		delete prototype.polluted;
		expect(plain).toBeUndefined();
		expect(names).toEqual(["a"]);
	});

	it.each([
		[
			"texts of any parts",
			fc.array(fc.constantFrom(...PARTS, ...VALUES), { maxLength: 14 }).map((parts) => parts.join("")),
		],
		["objects with repeated names", object],
		["arrays of such objects", fc.array(object, { maxLength: 3 }).map((objects) => `[${objects.join()}]`)],
		["valid JSON", fc.json()],
	])("T16: accepts nothing that the strict parser rejects or reads differently: %s", (_what, texts) => {
		fc.assert(
			fc.property(texts, fc.integer({ min: 0, max: 40 }), (text, maxDepth) => {
				const plain = parsePlainJson(text, maxDepth);
				if (plain === undefined) return;
				expect(plain).toEqual(parseStrictly(text, maxDepth));
				for (const [number] of text.replaceAll(/"[^"]*"/g, "").matchAll(NUMBER)) expect(isRounded(number)).toBe(false);
			}),
			{ numRuns: 1_000 },
		);
	});

	it("parses what has short integers and no escapes", () => {
		fc.assert(
			fc.property(fc.json(), (text) => {
				const strict = undefinedOnError(() => parseStrictly(text, 30));
				if (text.includes("\\") || strict === undefined) return;
				const numbers = [...text.replaceAll(/"[^"]*"/g, "").matchAll(NUMBER)];
				if (numbers.every(([number]) => /^-?\d{1,15}$/.test(number))) expect(parsePlainJson(text, 30)).toEqual(strict);
			}),
		);
	});
});
