import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findJsonProblem } from "../../src/encoding/json-value.ts";

const NUMBER = "a number up to 2^53 - 1, or text";
const OTHER = "a JSON value";

/** Arrays around arrays, so many. */
function nest(depth: number): unknown {
	let value: unknown[] = [];
	for (let at = 0; at < depth; at++) value = [value];
	return value;
}

describe("findJsonProblem", () => {
	it("finds none in JSON, at any depth up to 32", () => {
		const isRounded = (value: unknown) => typeof value === "number" && Math.abs(value) > Number.MAX_SAFE_INTEGER;
		const json = fc.jsonValue({ maxDepth: 6 }).map((value) => JSON.stringify(value));
		fc.assert(
			fc.property(json, (text) => {
				fc.pre(!text.includes('"toJSON":'));
				const value: unknown = JSON.parse(text, (_, member) => (isRounded(member) ? 0 : member));
				expect(findJsonProblem(value)).toBeUndefined();
			}),
			{ examples: [['[{"":[{"":-9007199254740992}]}]']] },
		);
		expect(findJsonProblem(nest(32))).toBeUndefined();
	});

	it.each<[string, unknown]>([
		["null, booleans and text", [null, true, false, "", "\u{1f511}"]],
		["the largest numbers without a gap", [2 ** 53 - 1, -(2 ** 53 - 1), 0.5, -0]],
		["an object without a prototype", Object.assign(Object.create(null), { a: 1 })],
		["objects and arrays of another realm", runInNewContext("({ a: [1, { b: null }] })")],
		["empty ones", [{}, []]],
	])("takes %s", (_, value) => {
		expect(findJsonProblem(value)).toBeUndefined();
	});

	it.each<[string, unknown, string]>([
		["a number that has a neighbour half a step away", 2 ** 53, NUMBER],
		["its negative", -(2 ** 53), NUMBER],
		["infinity", Number.POSITIVE_INFINITY, NUMBER],
		["no number", Number.NaN, NUMBER],
		["a bigint", 1n, NUMBER],
		["a lone surrogate", "\ud800", "text without lone surrogates"],
		["undefined", undefined, OTHER],
		["a symbol", Symbol("a"), OTHER],
		["a function", () => 1, OTHER],
		["a date", new Date(0), OTHER],
		["a map", new Map(), OTHER],
		["an instance of a class", new (class Key {})(), OTHER],
		["what converts itself", { toJSON: () => 1 }, OTHER],
		["what inherits a conversion", Object.create({ toJSON: () => 1 }), OTHER],
		["a symbol's member", { [Symbol("a")]: 1 }, OTHER],
		["a hidden member", Object.defineProperty({ a: 1 }, "b", { value: 1, enumerable: false }), OTHER],
		["an array with a hole", Object.assign(Array(3), { 0: 1, 2: 2 }), OTHER],
		["an array with a member that has a name", Object.assign([1], { a: 1 }), OTHER],
		["one with a hole and such a member", Object.assign(Array(2), { 0: 1, a: 1 }), OTHER],
		["one with a hole at its end and a symbol's member", Object.assign(Array(2), { 0: 1, [Symbol("a")]: 1 }), OTHER],
		["an array with a hidden member", Object.defineProperty([1], "a", { value: 1, enumerable: false }), OTHER],
		["bytes", new Uint8Array([1]), OTHER],
	])("refuses %s", (_, value, expected) => {
		expect(findJsonProblem(value)).toEqual({ path: [], value, expected });
		expect(findJsonProblem([0, { a: value, b: undefined }])).toEqual({ path: ["1", "a"], value, expected });
	});

	it("refuses more than 32 levels, and says where", () => {
		expect(findJsonProblem(nest(33))).toEqual({ path: Array(33).fill("0"), value: [], expected: "less nested" });
		expect(findJsonProblem({ a: nest(32) })).toMatchObject({ expected: "less nested" });
	});
});
