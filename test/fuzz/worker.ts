/**
 * Fuzzes one target in a thread of its own, which the main thread can end even if the code under test hangs.
 * @module
 */
import "../support/source-hooks.ts";
import { inspect } from "node:util";
import { parentPort, workerData } from "node:worker_threads";
import { readCorpus, readEntry } from "./corpus.ts";
import { startCoverage } from "./coverage.ts";
import { skipPauses } from "./skip-pauses.ts";

/** What a thread is told. */
export interface Assignment {
	readonly target: string;
	readonly seed: number;
	readonly seconds: number;
	/** One input to run instead of searching. */
	readonly file: string | undefined;
	readonly isGuided: boolean;
	/** Where the thread leaves the input that runs: its length, then its bytes. */
	readonly current: SharedArrayBuffer;
}

/** What a thread reports. */
export interface Report {
	readonly executions: number;
	readonly kept: number;
	readonly reached: number;
	/** At the end. */
	readonly isDone: boolean;
	readonly found?: { readonly input: Uint8Array; readonly text: string };
}

const REPORT_MS = 1_000;

const { target: name, seed, seconds, file, isGuided, current } = workerData as Assignment;
const progress = { executions: 0, kept: 0 };
const length = new Uint32Array(current, 0, 1);
const bytes = new Uint8Array(current, Uint32Array.BYTES_PER_ELEMENT);
// Most errors are refusals, and nobody reads where they were thrown.
Error.stackTraceLimit = file === undefined ? 4 : 50;
const coverage = startCoverage();
skipPauses();
const { createTarget } = (await import(`./targets/${name}.ts`)) as typeof import("./targets/token.ts");
const { explore } = await import("./explore.ts");
const target = await createTarget();
const corpus = file === undefined ? readCorpus(name).map(({ input }) => input) : [readEntry(file)];
const end = performance.now() + seconds * 1_000;
let reportedAt = 0;
const found = await explore(target, coverage, { seed, corpus, isGuided, onInput, isOver }, progress);
await target.close?.();
const text = found && inspect(found.finding, { depth: 6 });
report(true, found && { found: { input: found.input, text: String(text) } });

function onInput(input: Buffer): void {
	length[0] = Math.min(input.length, bytes.length);
	bytes.set(input.subarray(0, bytes.length));
	if (performance.now() - reportedAt > REPORT_MS) report(false);
}

function isOver(): boolean {
	return file !== undefined || performance.now() > end;
}

function report(isDone: boolean, found: Pick<Report, "found"> = {}): void {
	reportedAt = performance.now();
	parentPort?.postMessage({ ...progress, reached: coverage.reached(), isDone, ...found } satisfies Report);
}
