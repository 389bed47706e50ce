/**
 * The command `npm run fuzz -- [target…] [--seconds N] [--seed N] [--jobs N] [--blind]`, or `[target] --replay FILE`.
 * Exits with 1 if something was found.
 * @module
 */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { checkNames, parseFlags, parseNumber } from "../../scripts/command-line.ts";
import { TARGET_NAMES, toEntry } from "./corpus.ts";
import type { Assignment, Report } from "./worker.ts";

const MAX_INPUT_BYTES = 2 ** 16;
const MAX_MEMORY_MB = 768;
/** Far longer than the costliest key derivation that is allowed. */
const HANG_MS = 60_000;
const PROGRESS_MS = 10_000;

const { values, positionals } = parseFlags({
	allowPositionals: true,
	options: {
		seconds: { type: "string", default: "600" },
		seed: { type: "string", default: String(Date.now() % 2 ** 31) },
		jobs: { type: "string", default: "2" },
		replay: { type: "string" },
		blind: { type: "boolean", default: false },
	},
});
checkNames("target", positionals, TARGET_NAMES);
const seconds = parseNumber("seconds", values.seconds, 1);
const seed = parseNumber("seed", values.seed, 0);
const jobs = parseNumber("jobs", values.jobs, 1);
const waiting = [...(positionals.length === 0 ? TARGET_NAMES : positionals)];
const running = new Set<Worker>();
let folder: string | undefined;
let isInterrupted = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, interrupt);
say(`seed ${seed}, ${seconds} s for each of ${waiting.join(", ")}`);
await Promise.all(Array.from({ length: jobs }, work));

async function work(): Promise<void> {
	for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await fuzz(name);
}

function interrupt(): void {
	isInterrupted = true;
	waiting.length = 0;
	process.exitCode = 130;
	for (const worker of running) worker.terminate();
}

/** Resolves when the target's time is up, something was found, or the search was interrupted. */
function fuzz(name: string): Promise<void> {
	const current = new SharedArrayBuffer(MAX_INPUT_BYTES + Uint32Array.BYTES_PER_ELEMENT);
	const assignment = { target: name, seconds, seed, file: values.replay, isGuided: !values.blind, current };
	const worker = new Worker(new URL("worker.ts", import.meta.url), {
		workerData: assignment satisfies Assignment,
		resourceLimits: { maxOldGenerationSizeMb: MAX_MEMORY_MB },
	});
	running.add(worker);
	const started = performance.now();
	let heardAt = started;
	let shownAt = started;
	let last: Report | undefined;
	const watchdog = setInterval(() => {
		if (performance.now() - heardAt < HANG_MS) return;
		reportFinding(name, currentInput(current), `it didn't end within ${HANG_MS / 1_000} s`);
		worker.terminate();
	}, 1_000);
	worker.on("message", (report: Report) => {
		heardAt = performance.now();
		last = report;
		if (report.found !== undefined) reportFinding(name, Buffer.from(report.found.input), report.found.text);
		if (!report.isDone && heardAt - shownAt < PROGRESS_MS) return;
		shownAt = heardAt;
		show(report);
		// A server's sockets may still be open.
		if (report.isDone) worker.terminate();
	});
	worker.on("error", (error) => reportFinding(name, currentInput(current), String(error.stack)));
	return new Promise((resolve) => {
		worker.once("exit", () => {
			clearInterval(watchdog);
			running.delete(worker);
			if (last?.isDone !== true && isInterrupted && last !== undefined) show(last);
			resolve();
		});
	});

	function show({ executions, kept, reached }: Report): void {
		const after = Math.round((performance.now() - started) / 1_000);
		say(`${name.padEnd(14)} ${after} s: ${executions} inputs, ${kept} kept, ${reached} blocks reached`);
	}
}

function currentInput(current: SharedArrayBuffer): Buffer {
	const [length = 0] = new Uint32Array(current, 0, 1);
	return Buffer.from(new Uint8Array(current, Uint32Array.BYTES_PER_ELEMENT, length));
}

function reportFinding(name: string, input: Buffer, text: string): void {
	process.exitCode = 1;
	folder ??= mkdtempSync(join(tmpdir(), "orgpass-fuzz-"));
	const { content, extension } = toEntry(input);
	const file = join(folder, `${name}.${extension}`);
	writeFileSync(file, content);
	say(`\n${name}: ${text}\nfound with ${input.length} bytes in ${file}; to run it again:`);
	say(`npm run fuzz -- ${name} --replay ${file}\n`);
}

function say(line: string): void {
	process.stdout.write(`${line}\n`);
}
