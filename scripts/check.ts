/**
 * Runs every check that CI runs, without changing tracked files. Prints one line per step, and the output of a
 * step that fails. The first step extracts the examples, which tsc and vitest read. Two lanes then run in
 * parallel: the tests, and everything else. The contract steps share artifacts/ and so can't run in parallel.
 * `npm run check -- layers docs` runs only the named steps.
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { statSync } from "node:fs";
import { checkNames } from "./command-line.ts";
import { listFiles, root } from "./sources.ts";

interface Step {
	readonly name: string;
	readonly command: string;
	readonly args: readonly string[];
}

const step = (name: string, command: string, ...args: string[]): Step => ({ name, command, args });

const FIRST: readonly Step[] = [
	// The slow tests run dist, which npm built when it installed; the source may have changed since.
	...(isBuilt() ? [] : [step("build", "npm", "run", "build")]),
	step("docs", "node", "scripts/check-docs.ts"),
];
const LANES: readonly (readonly Step[])[] = [
	// The coverage floors hold for the fast tests; the brief ones are among the slow ones, in full. Those take up to twenty
	// times as long with coverage. They often wait for other processes, so more of them than cores run at once.
	[
		step("tests", "vitest", "run", "--project=default", "--project=isolated", "--coverage"),
		step("slow", "vitest", "run", "--project=slow*", "--maxWorkers=4"),
	],
	[
		// TypeScript 6 builds the package, and typedoc and the scripts need its API; 7 checks in a third of the time.
		step("lint", "biome", "check", "--error-on-warnings"),
		step("types", "node", "node_modules/typescript-7/bin/tsc", "--noEmit"),
		step("layers", "node", "scripts/check-layers.ts"),
		step("test-rules", "node", "scripts/check-tests.ts"),
		step("solidity", "node", "scripts/check-solidity.ts"),
		step("knip", "knip", "--no-progress"),
		step("package", "node", "scripts/check-package.ts"),
		step("contracts", "node", "scripts/test-contracts.ts"),
		step("gas", "node", "scripts/gas.ts"),
		step("abi", "node", "scripts/generate-contract-modules.ts", "--check"),
		step("site", "npm", "run", "docs"),
	],
];

/** The tests start hundreds of processes that load the same modules. With it, coverage would be less precise. */
const COMPILE_CACHE = { NODE_COMPILE_CACHE: `${root}/node_modules/.cache/node` };

const wanted = process.argv.slice(2);
checkNames(
	"step",
	wanted,
	[...FIRST, ...LANES.flat()].map(({ name }) => name),
);
const running = new Set<ChildProcess>();
const passed: string[] = [];
const failed: string[] = [];
const failedTests: string[] = [];
const started = performance.now();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
	process.once(signal, () => {
		// Each child leads its own process group, so this also ends the processes it started.
		for (const { pid } of running) {
			try {
				if (pid !== undefined) process.kill(-pid, "SIGTERM");
			} catch {
				// It has already exited.
			}
		}
		process.exit(130);
	});
}

await runLane(FIRST);
await Promise.all(LANES.map(runLane));
// Of a long output, often only the end is kept.
for (const line of failedTests) console.log(line);
console.log(`total ${seconds(started)}`);
console.log(`${passed.length} passed, ${failed.length} failed${failed.length === 0 ? "" : `: ${failed.join(", ")}`}`);
process.exitCode = failed.length === 0 ? 0 : 1;

/** Whether nothing has changed since the last build. */
function isBuilt(): boolean {
	const modified = (file: string): number => statSync(`${root}/${file}`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
	const built = modified("dist/node/cli/main.js");
	return ["src", "inspector"].flatMap((folder) => listFiles(folder, "")).every((file) => modified(file) < built);
}

async function runLane(steps: readonly Step[]): Promise<void> {
	for (const next of steps) {
		if (wanted.length > 0 && !wanted.includes(next.name)) continue;
		const start = performance.now();
		const { ok, output } = await run(next);
		(ok ? passed : failed).push(next.name);
		console.log(`${ok ? "ok  " : "FAIL"} ${next.name.padEnd(10)} ${seconds(start)}`);
		if (ok) continue;
		console.log(`${output.trimEnd()}\n`);
		failedTests.push(...output.split("\n").filter((line) => line.startsWith(" FAIL ")));
	}
}

function run({ command, args }: Step): Promise<{ ok: boolean; output: string }> {
	return new Promise((resolve) => {
		const child = spawn(command, args, {
			cwd: root,
			detached: true,
			env: {
				...process.env,
				PATH: `${root}/node_modules/.bin:${process.env["PATH"]}`,
				NO_COLOR: "1",
				...(args.includes("--coverage") ? {} : COMPILE_CACHE),
			},
			stdio: ["ignore", "pipe", "pipe"],
		});
		running.add(child);
		let output = "";
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding("utf8").on("data", (text: string) => {
				output += text;
			});
		}
		const end = (ok: boolean) => {
			running.delete(child);
			resolve({ ok, output });
		};
		child.on("error", (error) => {
			output += error.message;
			end(false);
		});
		child.on("close", (status) => end(status === 0));
	});
}

function seconds(since: number): string {
	return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
