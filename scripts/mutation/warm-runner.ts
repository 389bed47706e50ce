/**
 * Runs each test of a file once as it is, and then again for each planted fault that it reaches: modules, keys, chains and
 * servers stay, so a fault costs the test itself, not its start. Writes what it finds, line by line, to a file that
 * main.ts reads; it survives a process that is killed.
 * @module
 */
import { appendFileSync, readFileSync } from "node:fs";
import { type RunnerTestCase, TestRunner, type TestTryOptions } from "vitest";

/** What main.ts asks of a process. */
export interface Assignment {
	/** Where findings are written. */
	readonly log: string;
	/** The faults to try; others are another process's, or killed. */
	readonly mutants: readonly string[];
	/** It failed a test that then failed without it, too, so an earlier one may be to blame: tried first, in that test. */
	readonly suspect?: string;
	/** Tests that need no mutants: they were tried, or the test fails when it is run again. */
	readonly finished: readonly string[];
	/** Tests that take longer have no mutants tried, in milliseconds. */
	readonly slowestMs: number;
}

export type Finding =
	| { readonly file: string }
	| { readonly test: string }
	| { readonly fileEnd: string; readonly reached: readonly string[]; readonly loaded: readonly string[] }
	| { readonly trying: string }
	| { readonly killed: string; readonly by: string }
	| { readonly tired: string }
	| { readonly survived: string }
	| { readonly broken: string; readonly error: string }
	| { readonly finished: string }
	| { readonly nothingLeft: true }
	| { readonly unrepeatable: string }
	| { readonly poisoned: string | null; readonly test: string };

/** The globals of Stryker's instrumented code. */
interface Switches {
	activeMutant?: string | undefined;
	currentTestId?: string | undefined;
	hitCount?: number | undefined;
	hitLimit?: number | undefined;
	/** Nothing is counted meanwhile. */
	isIdle?: boolean;
	mutantCoverage?: { static: Record<string, number>; perTest: Record<string, Record<string, number>> };
}

type Phase = "plain" | "repeated" | "mutated" | "recovered";

/** `pending` isn't in Vitest's type; set, it ends the repetitions. */
type Result = NonNullable<RunnerTestCase["result"]> & { pending?: boolean };

/** A mutant that so much time with so many tests hasn't killed is left to the processes that start with it. */
const PATIENCE_MS = 1_500;
const ENOUGH_TESTS = 4;
/** What a fault has left may take the time of a few more until it is noticed. */
const LATEST = 3;

// Tests replace the timers of the global object.
const { setTimeout, clearTimeout } = globalThis;
const world = globalThis as { __stryker__?: Switches };
world.__stryker__ ??= {};
const switches = world.__stryker__;
switches.mutantCoverage ??= { static: {}, perTest: {} };
const assignment = JSON.parse(readFileSync(process.env["ORGPASS_MUTATION"] as string, "utf8")) as Assignment;
const wanted = new Set(assignment.mutants);
const finished = new Set(assignment.finished);
const patience = new Map<string, { ms: number; tests: number }>();
let suspect = assignment.suspect;
/** From the first fault on, what fails without one may be the work of an earlier one. */
let hasTried = false;

function write(finding: Finding): void {
	appendFileSync(assignment.log, `${JSON.stringify(finding)}\n`);
}

function nameOf(test: RunnerTestCase): string {
	const names = [test.name];
	for (let suite = test.suite; suite; suite = suite.suite) names.unshift(suite.name);
	return `${test.file.name} > ${names.join(" > ")} (${test.id})`;
}

export default class WarmRunner extends TestRunner {
	#phase: Phase = "plain";
	#mutant: string | undefined;
	/** Failed a test, which has to pass again without it. */
	#failing: string | undefined;
	#queue: string[] = [];
	/** One of them may have left work that goes on. */
	#latest: string[] = [];
	#hits: Record<string, number> = {};
	#started = 0;
	#plainMs = 0;
	readonly #reached = new Set<string>();

	override async onBeforeRunSuite(suite: Parameters<TestRunner["onBeforeRunSuite"]>[0]): Promise<void> {
		if ("filepath" in suite) write({ file: suite.name });
		await super.onBeforeRunSuite(suite);
	}

	override async onAfterRunSuite(suite: Parameters<TestRunner["onAfterRunSuite"]>[0]): Promise<void> {
		if ("filepath" in suite) {
			const coverage = switches.mutantCoverage as NonNullable<Switches["mutantCoverage"]>;
			write({ fileEnd: suite.name, reached: [...this.#reached], loaded: Object.keys(coverage.static) });
			coverage.static = {};
			this.#reached.clear();
		}
		await super.onAfterRunSuite(suite);
	}

	override async onBeforeRunTask(test: RunnerTestCase): Promise<void> {
		await super.onBeforeRunTask(test);
		write({ test: nameOf(test) });
		test.repeats = Number.MAX_SAFE_INTEGER;
		test.retry = 0;
		this.#phase = "plain";
	}

	override onBeforeTryTask(test: RunnerTestCase, options: TestTryOptions): void {
		super.onBeforeTryTask(test, options);
		switches.currentTestId = this.#phase === "plain" ? "plain" : undefined;
		switches.hitCount = 0;
		switches.isIdle = this.#phase !== "plain";
		switches.activeMutant = this.#mutant;
		switches.hitLimit = this.#mutant === undefined ? Infinity : 1_000 + 100 * (this.#hits[this.#mutant] ?? 0);
		this.#started = performance.now();
	}

	async runTask(test: RunnerTestCase): Promise<void> {
		// Vitest would wait for the assertions of a run that was too long.
		delete (test as { promises?: unknown }).promises;
		const run = TestRunner.getTestFn(test);
		if (this.#phase !== "mutated") return run();
		let timer: NodeJS.Timeout | undefined;
		const limit = new Promise<never>((_, reject) => {
			timer = setTimeout(() => reject(new Error("too long")), 2_000 + 10 * this.#plainMs);
		});
		await Promise.race([run(), limit]).finally(() => clearTimeout(timer));
	}

	override async onAfterRetryTask(test: RunnerTestCase, options: TestTryOptions): Promise<void> {
		await super.onAfterRetryTask(test, options);
		switches.activeMutant = undefined;
		switches.currentTestId = undefined;
		switches.isIdle = false;
		const result = test.result as Result;
		if (result.pending || result.state === "skip") return;
		const isFailed = result.state === "fail";
		const error = isFailed ? String(result.errors?.[0]?.message) : "";
		if (!this.#goOn(test, isFailed, error)) result.pending = true;
		delete result.errors;
		result.attempts = [];
	}

	/** Whether the test is run once more, and with which mutant. */
	#goOn(test: RunnerTestCase, isFailed: boolean, error: string): boolean {
		const ms = performance.now() - this.#started;
		const mutant = this.#mutant;
		this.#mutant = undefined;
		switch (this.#phase) {
			case "plain":
				this.#plainMs = ms;
				if (isFailed && hasTried) return this.#startAnew(test);
				if (isFailed) {
					write({ broken: nameOf(test), error });
					return false;
				}
				return this.#plan(test);
			case "repeated":
				if (!isFailed) return this.#next(test);
				write({ unrepeatable: nameOf(test) });
				return end();
			case "recovered":
				if (isFailed) {
					write({ poisoned: this.#failing ?? null, test: nameOf(test) });
					return end();
				}
				if (this.#failing !== undefined) this.#kill(this.#failing, test);
				return this.#isSlow(ms) ? this.#startAnew(test) : this.#next(test);
			case "mutated":
				return this.#judge(test, mutant as string, isFailed, ms);
		}
	}

	#plan(test: RunnerTestCase): boolean {
		if (wanted.size === 0) {
			write({ nothingLeft: true });
			return end();
		}
		const { perTest } = switches.mutantCoverage as NonNullable<Switches["mutantCoverage"]>;
		this.#hits = perTest["plain"] ?? {};
		delete perTest["plain"];
		const reached = Object.keys(this.#hits);
		for (const id of reached) this.#reached.add(id);
		const isLeftOut = this.#plainMs > assignment.slowestMs || finished.has(nameOf(test));
		this.#queue = isLeftOut ? [] : reached.filter((id) => wanted.has(id));
		if (suspect !== undefined && this.#queue.includes(suspect)) {
			const first = suspect;
			this.#queue = [...this.#queue.filter((id) => id !== first), first];
		}
		this.#phase = "repeated";
		return this.#queue.length > 0;
	}

	#startAnew(test: RunnerTestCase): never {
		for (const tired of this.#latest) write({ tired });
		write({ poisoned: null, test: nameOf(test) });
		return end();
	}

	#judge(test: RunnerTestCase, mutant: string, isFailed: boolean, ms: number): boolean {
		if (isFailed) {
			// A suspect that fails on its own, right after a run without it, is to blame.
			if (mutant === suspect) {
				suspect = undefined;
				this.#kill(mutant, test);
			} else {
				this.#failing = mutant;
			}
			this.#phase = "recovered";
			return true;
		}
		if (mutant === suspect) suspect = undefined;
		const spent = patience.get(mutant) ?? { ms: 0, tests: 0 };
		spent.ms += ms;
		spent.tests += 1;
		patience.set(mutant, spent);
		if (spent.ms > PATIENCE_MS && spent.tests >= ENOUGH_TESTS) {
			wanted.delete(mutant);
			write({ tired: mutant });
		}
		if (!this.#isSlow(ms)) return this.#next(test);
		this.#phase = "recovered";
		return true;
	}

	/** Without a fault, this means that an earlier one has left work that goes on. */
	#isSlow(ms: number): boolean {
		return ms > 1_000 + 10 * this.#plainMs;
	}

	#kill(mutant: string, test: RunnerTestCase): void {
		this.#failing = undefined;
		wanted.delete(mutant);
		write({ killed: mutant, by: nameOf(test) });
	}

	#next(test: RunnerTestCase): boolean {
		const mutant = this.#queue.pop();
		if (mutant === undefined) {
			write({ finished: nameOf(test) });
			return false;
		}
		write({ trying: mutant });
		hasTried = true;
		this.#mutant = mutant;
		this.#latest = [...this.#latest, mutant].slice(-LATEST);
		this.#phase = "mutated";
		return true;
	}
}

/** Vitest's workers refuse to exit. */
function end(): never {
	process.kill(process.pid, "SIGKILL");
	throw new Error("killed");
}
