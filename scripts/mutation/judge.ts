/**
 * Decides which faults the tests notice.
 * @module
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { runTests } from "./test-process.ts";
import type { Finding } from "./warm-runner.ts";

export interface Verdict {
	/** The test that fails, or its file; undefined if none does. */
	readonly killedBy?: string;
	/** Whether a test reaches it. */
	readonly isReached: boolean;
}

export interface Judging {
	/** Instrumented code by absolute path. */
	readonly sources: Readonly<Record<string, string>>;
	/** The source of each fault. */
	readonly sourceOf: ReadonlyMap<string, string>;
	/** Faults to try. */
	readonly wanted: readonly string[];
	/** Those that were noticed by earlier runs, and which test noticed them; it grows. */
	readonly killed: Map<string, string>;
	/** Test files, the likeliest to notice first. */
	readonly tests: readonly string[];
	/** `quick`: only with tests of a few milliseconds; what they notice, long tests needn't. */
	readonly passes: readonly ("quick" | "all")[];
	readonly folder: string;
	/** Processes at once. */
	readonly jobs: number;
	/** Called now and then, when more were noticed. */
	save(): void;
	say(text: string): void;
}

/** What all processes of a run have found. */
interface Findings extends Judging {
	/** Those that no test noticed that was run for them alone. */
	readonly survived: Set<string>;
	/** Test files by the faults they reach. */
	readonly reachedBy: Map<string, Set<string>>;
	/** Faults in what runs while modules are loaded: only the first file loads them here, so all that reach the source may. */
	readonly loaded: Set<string>;
	/** Test files by the sources they reach. */
	readonly usedBy: Map<string, Set<string>>;
	/** Tests that fail without a fault, and how. */
	readonly broken: Map<string, string>;
}

/** The limit of a quick test, in milliseconds. */
const QUICK_MS = 50;
/** Files that are run for a fault from the start. */
const FRESH_FILES = 12;
const RESTARTS_PER_TEST = 3;

export async function judge(judging: Judging): Promise<Map<string, Verdict>> {
	const findings: Findings = {
		...judging,
		survived: new Set(),
		...{ reachedBy: new Map(), usedBy: new Map(), loaded: new Set(), broken: new Map() },
	};
	const { wanted, killed, broken, survived, jobs } = findings;
	const isMine = (index: number) => (_: unknown, at: number) => at % jobs === index;
	await inParallel(jobs, (index) => tryWarm(findings, wanted.filter(isMine(index)), index));
	if (broken.size > 0) {
		const list = Array.from(broken, ([test, error]) => `${test}: ${error}`);
		throw new Error(`these tests fail without a fault:\n${list.join("\n")}`);
	}
	const doubtful = wanted.filter((id) => !killed.has(id) && filesFor(findings, id).length > 0);
	judging.say(`${killed.size} noticed; ${doubtful.length} are tried in processes that start with them`);
	await inParallel(jobs, (index) => tryFresh(findings, doubtful.filter(isMine(index)), index));
	const verdicts = wanted.map((id): [string, Verdict] => {
		const killedBy = killed.get(id);
		if (killedBy !== undefined) return [id, { killedBy, isReached: true }];
		return [id, { isReached: survived.has(id) }];
	});
	return new Map(verdicts);
}

function inParallel(jobs: number, work: (index: number) => Promise<void>): Promise<unknown> {
	return Promise.all(Array.from({ length: jobs }, (_, index) => work(index)));
}

/**
 * Where a fault is reached: the likeliest files first, beginning with the source's own tests. What runs while a module is
 * loaded is reached by the first file only: all that use the source may notice it, and the other tests of its folder.
 */
function filesFor({ reachedBy, usedBy, loaded, sourceOf, tests }: Findings, id: string): string[] {
	const source = sourceOf.get(id) as string;
	const reaching = reachedBy.get(id);
	if (reaching === undefined) return [];
	const isLoaded = loaded.has(id) || reaching.size === 1;
	const own = source.replace(/^src\/(.*)\.ts$/, "test/$1.test.ts");
	const folder = own.slice(0, own.lastIndexOf("/") + 1);
	const rank = (name: string): number => {
		if (name === own) return 0;
		if (reaching.has(name)) return 1;
		if (!isLoaded) return Infinity;
		return usedBy.get(source)?.has(name) === true ? 2 : name.startsWith(folder) ? 3 : Infinity;
	};
	const likely = tests.filter((name) => rank(name) < Infinity);
	return likely.toSorted((one, other) => rank(one) - rank(other)).slice(0, FRESH_FILES);
}

/** Tries faults in processes that have loaded everything before. */
async function tryWarm(findings: Findings, ids: readonly string[], index: number): Promise<void> {
	const folder = join(findings.folder, `${index}`);
	mkdirSync(folder, { recursive: true });
	const finished: string[] = [];
	for (const pass of findings.passes) {
		const slowestMs = pass === "quick" ? QUICK_MS : Number.MAX_SAFE_INTEGER;
		await tryPass({ findings, ids, folder, finished, slowestMs });
	}
}

interface Pass {
	readonly findings: Findings;
	readonly ids: readonly string[];
	readonly folder: string;
	/** Tests that need no more faults. */
	readonly finished: string[];
	readonly slowestMs: number;
}

async function tryPass({ findings, ids, folder, finished, slowestMs }: Pass): Promise<void> {
	const { sources, killed, say } = findings;
	const tired = new Set<string>();
	const poisonings = new Map<string, number>();
	let tests = findings.tests;
	let suspect: string | undefined;
	while (tests.length > 0) {
		let trying: string | undefined;
		const mutants = ids.filter((id) => !(killed.has(id) || tired.has(id)));
		const task = { mutants, finished, slowestMs, ...(suspect !== undefined && { suspect }) };
		suspect = undefined;
		let isExplained = false;
		await runTests({ run: { sources, tests, isWarm: true }, task, folder, onFinding });
		if (trying !== undefined) killed.set(trying, "the process ended");
		else if (tests.length > 0 && !isExplained)
			throw new Error(`the process ended in ${tests[0]} while no fault was tried`);

		function onFinding(finding: Finding): void {
			trying = "trying" in finding ? finding.trying : undefined;
			if ("file" in finding) say(`${killed.size} noticed before ${finding.file}`);
			if ("tired" in finding) tired.add(finding.tired);
			if ("finished" in finding) finished.push(finding.finished);
			if ("fileEnd" in finding) tests = tests.filter((name) => name !== finding.fileEnd);
			if ("nothingLeft" in finding) tests = [];
			isExplained = "poisoned" in finding || "unrepeatable" in finding;
			if ("unrepeatable" in finding) {
				say(`fails when it is repeated: ${finding.unrepeatable}`);
				finished.push(finding.unrepeatable);
			}
			if ("poisoned" in finding) {
				say(`fails from now on: ${finding.test}`);
				suspect = finding.poisoned ?? undefined;
				const count = (poisonings.get(finding.test) ?? 0) + 1;
				poisonings.set(finding.test, count);
				if (count > RESTARTS_PER_TEST) finished.push(finding.test);
			}
			record(findings, finding);
		}
	}
}

function record({ killed, broken, reachedBy, usedBy, loaded, sourceOf, save }: Findings, finding: Finding): void {
	if ("killed" in finding) killed.set(finding.killed, finding.by);
	if ("broken" in finding) broken.set(finding.broken, finding.error);
	if (!("fileEnd" in finding)) return;
	save();
	const { fileEnd } = finding;
	for (const id of finding.loaded) loaded.add(id);
	for (const id of [...finding.reached, ...finding.loaded]) {
		add(reachedBy, id);
		add(usedBy, sourceOf.get(id) as string);
	}

	function add(index: Map<string, Set<string>>, key: string): void {
		index.set(key, (index.get(key) ?? new Set()).add(fileEnd));
	}
}

/** Tries each fault in a process that has it from the start. */
async function tryFresh(findings: Findings, ids: readonly string[], index: number): Promise<void> {
	const { sources, tests, killed, survived, save } = findings;
	const folder = join(findings.folder, `${index}`);
	let left = ids;
	while (left.length > 0) {
		let trying: string | undefined;
		const runs = left.map((mutant) => ({ mutant, tests: filesFor(findings, mutant) }));
		await runTests({ run: { sources, tests, isWarm: false }, task: { runs }, folder, onFinding });
		if (trying !== undefined) killed.set(trying, "the process ended");
		const before = left.length;
		left = left.filter((id) => !(killed.has(id) || survived.has(id)));
		if (left.length === before) throw new Error("the process ended before it tried a fault");

		function onFinding(finding: Finding): void {
			trying = "trying" in finding ? finding.trying : undefined;
			if ("survived" in finding) survived.add(finding.survived);
			if (!("killed" in finding)) return;
			killed.set(finding.killed, finding.by);
			save();
		}
	}
}
