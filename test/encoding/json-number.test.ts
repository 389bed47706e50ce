import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { copyJson } from "../../src/encoding/copy-json.ts";
import { parseJson } from "../../src/encoding/json.ts";
import { isOverflow, JsonNumberError } from "../../src/encoding/json-number.ts";
import { keepRounded, keepText, keptNumber } from "../../src/encoding/kept-number.ts";

const ROUNDED = ["9007199254740993", "-1147953659032899585", "1e400", "-1e400", "1e-400", "0.1E-400", "1e16"];
const REWRITTEN = ["1.0", "1e2", "-0", "10.50", "0.12345678901234567890", "1E+2"];

function pathOf(text: string): readonly string[] {
	try {
		parseJson(text, { numbers: "reject" });
	} catch (error) {
		if (error instanceof JsonNumberError) return error.path;
	}
	return expect.fail("a JsonNumberError was expected");
}

describe("T76: parseJson with numbers that JavaScript would round", () => {
	it.for(ROUNDED)("rejects or keeps %s", (number) => {
		const text = `{"a":[${number},1]}`;
		expect(() => parseJson(text, { numbers: "reject" })).toThrow(JsonNumberError);
		for (const numbers of [keepRounded, keepText] as const) {
			const value = parseJson(text, { numbers });
			expect(JSON.stringify(value)).toBe(text);
			expect(keptNumber((value as { readonly a: unknown[] }).a[0])).toBe(number);
		}
	});

	it.for(REWRITTEN)("keeps the text of %s only where asked to", (number) => {
		const text = `[${number}]`;
		for (const numbers of ["reject", keepRounded, undefined] as const) {
			expect(parseJson(text, { numbers })).toEqual([Number(number)]);
		}
		expect(JSON.stringify(parseJson(text, { numbers: keepText }))).toBe(text);
	});

	it.for(["1".repeat(65), `0.${"0".repeat(63)}`, `-${"9".repeat(2_000)}e5`])(
		"counts a number of more than 64 characters as rounded, %#",
		(number) => {
			expect(() => parseJson(`[${number}]`, { numbers: "reject" })).toThrow(JsonNumberError);
			expect(JSON.stringify(parseJson(`[${number}]`, { numbers: keepRounded }))).toBe(`[${number}]`);
		},
	);

	it("reads numbers of up to 64 characters", () => {
		const text = `[0.${"1".repeat(62)},${"9".repeat(15)},${"0.".padEnd(64, "0")},${2 ** 53 - 1}]`;
		expect(parseJson(text, { numbers: "reject" })).toEqual(JSON.parse(text));
	});

	it("keeps a number that is all of the text", () => {
		for (const numbers of [keepRounded, keepText]) expect(keptNumber(parseJson("1e400", { numbers }))).toBe("1e400");
	});

	it("rejects them where the runtime can't keep their text", () => {
		const descriptor = Object.getOwnPropertyDescriptor(JSON, "rawJSON") as PropertyDescriptor;
		try {
			delete (JSON as { rawJSON?: unknown }).rawJSON;
			expect(() => parseJson("[1e400]", { numbers: keepRounded })).toThrow(JsonNumberError);
			expect(parseJson("[1]", { numbers: keepRounded })).toEqual([1]);
		} finally {
			Object.defineProperty(JSON, "rawJSON", descriptor);
		}
	});

	it("keeps numbers only, not the way that a text is written", () => {
		expect(parseJson('["\\u0061",true,null,1.0]', { numbers: keepText })).toEqual(["a", true, null, expect.anything()]);
	});

	it("T91: reads no further than the second of two numbers without a comma", () => {
		const read = vi.spyOn(String.prototype, "charCodeAt");
		try {
			expect(() => parseJson(`[${"1 ".repeat(1_000)}]`)).toThrow(/^JSON: not valid$/);
			expect(read.mock.calls.length).toBeLessThan(20);
			read.mockClear();
			expect(parseJson(`[${"1,".repeat(999)}1]`)).toHaveLength(1_000);
			expect(read.mock.calls.length).toBeGreaterThan(1_000);
		} finally {
			read.mockRestore();
		}
	});

	it.each([
		["1e309", true],
		["-1E400", true],
		[`1${"0".repeat(309)}`, true],
		[`-${"9".repeat(400)}.5`, true],
		["1e308", false],
		["1e-400", false],
		["9".repeat(308), false],
		["0".repeat(400), false],
		["12345678901234567890", false],
	])("says whether %j is infinite", (literal, expected) => {
		expect(isOverflow(literal)).toBe(expected);
	});

	it("names the way to the first of them, and doesn't show it", () => {
		expect(pathOf('{"a":{"b":1,"c":[1,{"d":1e400}]},"e":1e400}')).toEqual(["a", "c", "d"]);
		expect(pathOf('{"a":{"b":{}},"c":[[]],"\\u0064":1e400}')).toEqual(["d"]);
		expect(pathOf('{"a\\"{":{"b":1},"c\\"":{"\\\\":[{},-1e400]}}')).toEqual(['c"', "\\"]);
		expect(pathOf("1e400")).toEqual([]);
		expect(new JsonNumberError([]).message).not.toMatch(/1e400/);
	});

	it("reports what isn't JSON first", () => {
		for (const text of ['{"a":1e400', '{"a":1e400x}', '{"a":01e400}', '{"a":1e400,"a":1}', "1e400-", "-e400"]) {
			expect(() => parseJson(text, { numbers: "reject" })).not.toThrow(JsonNumberError);
			expect(() => parseJson(text, { numbers: "reject" })).toThrow(SyntaxError);
		}
	});

	it("copies any JSON to the digit", () => {
		const number = fc.constantFrom(...ROUNDED, ...REWRITTEN);
		fc.assert(
			fc.property(
				fc.array(
					fc.oneof(
						number,
						fc.jsonValue().map((value) => JSON.stringify(value)),
					),
				),
				(parts) => {
					const text = `[${parts.join(",")}]`;
					fc.pre(!/__proto__|constructor/.test(text));
					const value = parseJson(text, { numbers: keepText, maxDepth: 100 }) as object;
					expect(JSON.stringify(value)).toBe(text);
					expect(JSON.stringify(copyJson(value, keepText))).toBe(text);
				},
			),
		);
	});

	it("T16: copies names that V8 mixes up", () => {
		const value = { c1: { c1: 1, "\\": 1 }, "\u0001": 1 };
		expect(copyJson(value, keepText)).toEqual(value);
	});

	it("an object that only looks like a kept number is none", () => {
		expect(keptNumber({ rawJSON: "1" })).toBeUndefined();
	});
});
