/**
 * A process of Vitest that writes findings to a file. One that stops writing is ended: a fault can make a loop endless.
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { root } from "../sources.ts";
import type { TestRun } from "./vitest.config.ts";
import type { Finding } from "./warm-runner.ts";

const SILENCE_MS = 120_000;
const POLL_MS = 200;
const running = new Set<ChildProcess>();

export interface TestProcess {
	readonly run: TestRun;
	/** What the process reads: an `Assignment` or `FreshRuns` without `log`. */
	readonly task: object;
	readonly folder: string;
	onFinding(finding: Finding): void;
}

/** Resolves when the process has ended, by itself or not. */
export async function runTests({ run, task, folder, onFinding }: TestProcess): Promise<void> {
	const paths = {
		run: `${folder}/run.json`,
		task: `${folder}/task.json`,
		log: `${folder}/findings`,
		output: `${folder}/output`,
	};
	writeFileSync(paths.run, JSON.stringify(run));
	writeFileSync(paths.task, JSON.stringify({ ...task, log: paths.log }));
	writeFileSync(paths.log, "");
	const output = openSync(paths.output, "w");
	const command = run.isWarm
		? ["node_modules/vitest/vitest.mjs", "run", "--config", "scripts/mutation/vitest.config.ts"]
		: ["scripts/mutation/fresh-runs.ts"];
	const child = spawn(process.execPath, command, {
		cwd: root,
		detached: true,
		stdio: ["ignore", output, output],
		env: { ...process.env, ORGPASS_TEST_RUN: paths.run, ORGPASS_MUTATION: paths.task, NO_COLOR: "1" },
	});
	running.add(child);
	let heard = performance.now();
	const read = createLineReader(paths.log);
	const listen = (): void => {
		for (const line of read()) {
			heard = performance.now();
			onFinding(JSON.parse(line) as Finding);
		}
		if (performance.now() - heard > SILENCE_MS) end(child);
	};
	const timer = setInterval(listen, POLL_MS);
	await new Promise((resolve) => child.once("close", resolve));
	clearInterval(timer);
	listen();
	end(child);
	running.delete(child);
	closeSync(output);
}

/** Ends every process, with those it has started. */
export function endAll(): void {
	for (const child of running) end(child);
}

function end({ pid }: ChildProcess): void {
	try {
		if (pid !== undefined) process.kill(-pid, "SIGKILL");
	} catch {
		// It has ended.
	}
}

/** Reads the lines that were added to a file since the last call. */
function createLineReader(path: string): () => string[] {
	let offset = 0;
	return () => {
		const added = readFileSync(path).subarray(offset);
		const end = added.lastIndexOf("\n") + 1;
		offset += end;
		return end === 0 ? [] : added.toString("utf8", 0, end - 1).split("\n");
	};
}
