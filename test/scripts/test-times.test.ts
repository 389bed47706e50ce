import ts from "typescript";
import { describe, expect, it } from "vitest";
import { type AllowedTimes, findRealTimes } from "../../scripts/test-times.ts";

const PATH = "test/a.test.ts";

/** The problems of a file of tests. */
function check(text: string, allowed: Readonly<Record<string, AllowedTimes>> = {}): string[] {
	const ast = ts.createSourceFile(PATH, text, ts.ScriptTarget.Latest, true);
	return findRealTimes([{ path: PATH, text, ast }], allowed, "list.ts");
}

const refusal = (use: string, line = 1): unknown =>
	expect.stringMatching(new RegExp(`^${PATH}:${line}: ${use}: use test/`));

describe("a test is refused that", () => {
	it.each([
		["sleeps", "await new Promise((resolve) => setTimeout(resolve, 50));", "setTimeout"],
		["sleeps by the name of a function", "await promisify(setTimeout)(50);", "setTimeout"],
		["sleeps with the timer of globalThis", "globalThis.setTimeout(run, 50);", "setTimeout"],
		["sleeps with a timer by another name", "const { setTimeout: wait } = globalThis;", "setTimeout"],
		["sleeps with Node's promises", 'import { setTimeout as sleep } from "node:timers/promises";', "timers/promises"],
		["sleeps with all of Node's promises", 'import * as timers from "timers/promises";', "timers/promises"],
		["blocks", "Atomics.wait(cells, 0, 0, 50);", "Atomics.wait"],
		["acts at intervals", "const timer = setInterval(run, 50);", "setInterval"],
		["reads the clock", "const now = Date.now();", "Date.now"],
		["has the clock read", "const mint = minterWith({ now: Date.now });", "Date.now"],
		["makes the date of now", "const now = new Date();", "new Date\\(\\)"],
		["measures a duration", "const start = performance.now();", "performance.now"],
		["measures a duration with another clock", "const start = process.hrtime.bigint();", "process.hrtime"],
	])("%s", (_what, text, use) => {
		expect(check(`\n${text}`)).toEqual([refusal(use, 2)]);
	});
});

describe("a test is accepted that", () => {
	it.each([
		["spies on a timer", 'vi.spyOn(globalThis, "setTimeout"); vi.spyOn(performance, "now");'],
		["waits for a turn of the event loop", 'import { setImmediate } from "node:timers/promises";\nsetImmediate(run);'],
		["waits for a condition", "await vi.waitFor(() => expect(isDone).toBe(true));"],
		["lets time pass", "await pass(5_000); vi.useFakeTimers(); vi.setSystemTime(1_000);"],
		["has a date of its own", "const then = new Date(0);"],
		["has a clock of its own", "const options = { now: () => 1_000, setTimeout: run }; clock.setTimeout(run);"],
	])("%s", (_what, text) => {
		expect(check(text)).toEqual([]);
	});
});

describe("the list of allowed uses", () => {
	const TEXT = "setTimeout(run, 50);\nDate.now();";

	it("allows a file what it names, and nothing else", () => {
		const reason = "a good one";
		expect(check(TEXT, { [PATH]: { uses: ["setTimeout", "Date.now"], reason } })).toEqual([]);
		expect(check(TEXT, { [PATH]: { uses: ["setTimeout"], reason } })).toEqual([refusal("Date.now", 2)]);
	});

	it("names only what is used, each with a reason", () => {
		expect(
			check(TEXT, {
				[PATH]: { uses: ["setTimeout", "Date.now", "setInterval"], reason: " " },
				"test/gone.test.ts": { uses: ["Date.now"], reason: "a good one" },
			}),
		).toEqual([
			`list.ts:1: ${PATH} doesn't use setInterval: remove it from the list`,
			`list.ts:1: ${PATH} needs a reason`,
			"list.ts:1: test/gone.test.ts doesn't use Date.now: remove it from the list",
		]);
	});
});
