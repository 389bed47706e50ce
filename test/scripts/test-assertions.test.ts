import ts from "typescript";
import { describe, expect, it } from "vitest";
import { findMissingAssertions } from "../../scripts/test-assertions.ts";

const NOTHING = "the test asserts nothing";

/** The problems of these files of tests. */
function check(files: Readonly<Record<string, string>>): string[] {
	return findMissingAssertions(
		Object.entries(files).map(([path, text]) => ({
			path,
			text,
			ast: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true),
		})),
	);
}

describe("a test is refused", () => {
	it.each([
		["that only calls", 'it("x", async () => { await verify(token); });'],
		["of a table", 'it.each([1, 2])("x", (n) => { run(n); });'],
		["of a tagged table", 'it.each`n`("x", ({ n }) => run(n));'],
		["with options", 'test("x", { timeout: 1 }, () => run());'],
		["that runs under a condition", 'it.skipIf(isRoot)("x", () => run());'],
		[
			"whose assertion only bears the name",
			'it("x", () => { const expectation = { expect: 1 }; run(expectation.expect); });',
		],
		["that calls a function that asserts nothing", 'function check(x) { return x; }\nit("x", () => { check(1); });'],
		["that is a function that asserts nothing", 'const check = () => 1;\nit("x", check);'],
	])("%s", (_what, text) => {
		const line = text.split("\n").length;
		expect(check({ "test/a.test.ts": text })).toEqual([`test/a.test.ts:${line}: ${NOTHING}`]);
	});

	it("that calls a function which asserts only in a file that isn't imported", () => {
		const files = {
			"test/a.test.ts": 'import { other } from "./support/b.ts";\nit("x", () => { check(1); });',
			"test/support/b.ts": "export const other = 1;",
			"test/support/c.ts": "export function check(x) { expect(x).toBe(1); }",
		};
		expect(check(files)).toEqual([`test/a.test.ts:2: ${NOTHING}`]);
	});

	it.each([
		[
			"expect without a matcher",
			'it("x", () => { expect(isRight()); });',
			"expect(…) without a matcher asserts nothing",
		],
		[
			"an assertion that isn't awaited",
			'it("x", () => { expect(a()).rejects.toThrow(); });',
			"the assertion isn't awaited",
		],
	])("with %s", (_what, text, problem) => {
		expect(check({ "test/a.test.ts": text })).toEqual([`test/a.test.ts:1: ${problem}`]);
	});
});

describe("a test is accepted", () => {
	it.each([
		["that expects", 'it("x", () => { expect(1).toBe(1); });'],
		["that expects in a function it hands on", 'it("x", () => rows.forEach((row) => { expect(row).toBe(1); }));'],
		["that expects a type", 'it("x", () => { expectTypeOf(x).toBeString(); });'],
		["that asserts as Node does", 'it("x", () => { assert.equal(1, 1); });'],
		["that asserts a property", 'it("x", () => { fc.assert(fc.property(fc.nat(), isRight)); });'],
		["that awaits its assertion", 'it("x", async () => { await expect(a()).rejects.toThrow(); });'],
		["that returns its assertion", 'it("x", () => expect(a()).resolves.toBe(1));'],
		["that calls a function that asserts", 'const check = (x) => expect(x).toBe(1);\nit("x", () => { check(1); });'],
		[
			"that hands on a function that asserts",
			'function check(x) { expect(x).toBe(1); }\nit("x", () => rows.forEach(check));',
		],
		["that is a function that asserts", 'const check = () => expect(1).toBe(1);\nit("x", check);'],
		[
			"that calls a method that asserts",
			'const stage = { check() { expect(1).toBe(1); } };\nit("x", () => stage.check());',
		],
		["that is still to be written", 'it.todo("x");'],
		["that is none", 'describe("x", () => { run(); });\nsubmit("x", () => run());'],
	])("%s", (_what, text) => {
		expect(check({ "test/a.test.ts": text })).toEqual([]);
	});

	it("that calls a function of a file it imports, which calls one that asserts in a third", () => {
		const files = {
			"test/deep/a.test.ts": 'import { outer } from "../support/b.js";\nit("x", () => outer());',
			"test/support/b.ts": 'import { inner } from "./c.ts";\nexport async function outer() { await inner(); }',
			"test/support/c.ts": "export const inner = () => expect(1).toBe(1);",
		};
		expect(check(files)).toEqual([]);
	});
});
