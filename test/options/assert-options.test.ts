import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { assertOptions } from "../../src/options/assert-options.ts";
import { anyFunction, objectWith, optionsSchema, wholeNumber } from "../../src/options/schemas.ts";
import {
	chainIdNumber,
	nonEmptyString,
	positiveInteger,
	positiveSeconds,
	secondsOrZero,
	stringOrStrings,
} from "../../src/options/value-schemas.ts";
import { deepFreeze } from "../support/deep-freeze.ts";
import { expectRefusal } from "../support/refusal.ts";

const schema = optionsSchema({
	name: nonEmptyString,
	inner: v.optional(optionsSchema({ ttlSeconds: v.optional(positiveSeconds) })),
	list: v.optional(v.array(optionsSchema({ id: wholeNumber("a whole number") }), "a list")),
	bare: v.optional(v.number()),
});
const check = (options: unknown): void => assertOptions(schema, options, "make");

describe("assertOptions", () => {
	it("accepts valid options repeatedly without modifying them", () => {
		const options = deepFreeze({ name: "x", inner: { ttlSeconds: 1 }, list: [{ id: 1 }] });
		expect([check(options), check(options)]).toEqual([undefined, undefined]);
	});

	it.each<[object, string]>([
		[{ name: "x", nmae: "y" }, "nmae"],
		[{ name: "x", inner: { ttl: 1 } }, "inner.ttl"],
		[{ name: "x", list: [{ id: 1 }, { id: 2, x: 1 }] }, "list.1.x"],
		[{ name: "x", "\u001b[2J": 1 }, "\u001b[2J"],
	])("names the unknown option of %j", async (options, option) => {
		const error = await expectRefusal(() => check(options), "config/unknown-option");
		expect(error.details).toEqual({ option });
		expect(error.message).toMatch(/^make has no option "[\x20-\x7e]+"$/);
	});

	it.each<[unknown, string, string]>([
		[{}, "name", 'make: "name" must be a non-empty string, got nothing'],
		[{ name: "" }, "name", 'make: "name" must be a non-empty string, got an empty string'],
		[{ name: 5 }, "name", 'make: "name" must be a non-empty string, got 5'],
		[
			{ name: "x", inner: { ttlSeconds: 0 } },
			"inner.ttlSeconds",
			'make: "inner.ttlSeconds" must be a positive number of seconds, got 0',
		],
		[{ name: "x", list: [{ id: "secret" }] }, "list.0.id", 'make: "list.0.id" must be a whole number, got a string'],
		[{ name: "x", inner: [] }, "inner", 'make: "inner" must be an object, got an array'],
		[undefined, "options", 'make: "options" must be an object, got nothing'],
		[null, "options", 'make: "options" must be an object, got null'],
		["hunter2", "options", 'make: "options" must be an object, got a string'],
	])("explains what is wrong with %j", async (options, option, message) => {
		const error = await expectRefusal(() => check(options), "config/invalid-option");
		expect(error.details).toEqual({ option });
		expect(error.message).toBe(message);
	});

	it("never quotes a value, which may be a misplaced secret", async () => {
		const cases = [{ name: "x", inner: "hunter2" }, { name: ["hunter2"] }, { name: "x", bare: "hunter2" }];
		for (const options of cases) {
			const { message } = await expectRefusal(() => check(options), "config/invalid-option");
			expect(message).not.toContain("hunter2");
		}
	});
});

describe("shared schemas", () => {
	const refusedNumbers = [Number.NaN, Number.POSITIVE_INFINITY, -1, "1", null, 1n, {}];
	it.each<[string, v.GenericSchema, readonly unknown[], readonly unknown[]]>([
		["positiveSeconds", positiveSeconds, [0.5, 1, 1e9], [0, ...refusedNumbers]],
		["secondsOrZero", secondsOrZero, [0, 0.5, 1e9], refusedNumbers],
		["positiveInteger", positiveInteger, [1, 9_007_199_254_740_991], [0, 1.5, 2 ** 53, ...refusedNumbers]],
		["chainIdNumber", chainIdNumber, [1, 31_337], [0, 1.5, ...refusedNumbers]],
		["nonEmptyString", nonEmptyString, ["x", " "], ["", 1, null, ["x"], undefined]],
		["stringOrStrings", stringOrStrings, ["x", ["x"], ["x", "y"]], ["", [], [""], ["x", 1], null, {}]],
		["anyFunction", anyFunction, [() => 1, class {}], [null, "x", {}, undefined]],
		[
			"objectWith",
			objectWith("go"),
			[
				{ go() {} },
				new (class {
					go() {}
				})(),
			],
			[null, {}, { go: 1 }, "go", undefined],
		],
	])("%s accepts only matching values", (_name, shape, good, bad) => {
		for (const value of good) expect(v.is(shape, value), String(value)).toBe(true);
		for (const value of bad) expect(v.is(shape, value), String(value)).toBe(false);
	});
});
