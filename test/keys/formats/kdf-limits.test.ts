import { describe, expect, it } from "vitest";
import { assertSafeIterations, assertSafeScrypt } from "../../../src/keys/formats/kdf-limits.ts";

describe("assertSafeScrypt", () => {
	it.each([
		["the lowest cost", { n: 1_024, r: 1, p: 1 }],
		["the highest cost", { n: 2 ** 20, r: 1, p: 1 }],
		["the usual cost, which is as much work as is allowed", { n: 2 ** 18, r: 8, p: 1 }],
		["as much memory as is allowed", { n: 2 ** 10, r: 2_048, p: 1 }],
		["the highest parallelization", { n: 2 ** 14, r: 8, p: 16 }],
	])("allows %s", (_what, parameters) => {
		expect(() => assertSafeScrypt(parameters)).not.toThrow();
	});

	it.each([
		["half the lowest cost", { n: 512, r: 8, p: 1 }],
		["twice the highest cost", { n: 2 ** 21, r: 1, p: 1 }],
		["a cost that isn't a power of two", { n: 1_025, r: 8, p: 1 }],
		["a cost that is no whole number", { n: 1_024.5, r: 8, p: 1 }],
		["an infinite cost", { n: Number.POSITIVE_INFINITY, r: 8, p: 1 }],
		["no block size", { n: 1_024, r: 0, p: 1 }],
		["a negative block size", { n: 1_024, r: -8, p: 1 }],
		["half a block", { n: 1_024, r: 1.5, p: 1 }],
		["no parallelization", { n: 1_024, r: 8, p: 0 }],
		["a negative parallelization", { n: 1_024, r: 8, p: -1 }],
		["a parallelization above 16", { n: 1_024, r: 8, p: 17 }],
		["more work than is allowed", { n: 2 ** 18, r: 9, p: 1 }],
		["more work than is allowed because of p", { n: 2 ** 17, r: 8, p: 3 }],
	])("refuses %s, and says what was asked for", (_what, parameters) => {
		const error = expect.objectContaining({ code: "key/limits", details: parameters });
		expect(() => assertSafeScrypt(parameters)).toThrow(error);
	});
});

describe("assertSafeIterations", () => {
	it.each([1_000, 1_001, 1_500_000])("allows %d", (iterations) => {
		expect(() => assertSafeIterations(iterations)).not.toThrow();
	});

	it.each([0, -1_000, 999, 1_000.5, 1_500_001, Number.POSITIVE_INFINITY, Number.NaN])("refuses %d", (c) => {
		expect(() => assertSafeIterations(c)).toThrow(expect.objectContaining({ code: "key/limits", details: { c } }));
	});
});
