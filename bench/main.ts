/**
 * Measures all subjects, each in a process of its own, and writes docs/performance.md with its charts. With names of
 * subjects, measures only those, and prints their part of the page. `--quick` only checks that everything runs, and writes
 * nothing unless `--out` names a folder. Exits with 1 if a subject fails.
 * @module
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkNames, parseFlags } from "../scripts/command-line.ts";
import { drawTable } from "./suite/draw-table.ts";
import { formatGoals, formatReport, writePage } from "./suite/page.ts";
import type { Report } from "./suite/report.ts";
import { SUBJECTS } from "./suite/subjects.ts";

const { values: flags, positionals } = parseFlags({
	options: { quick: { type: "boolean", default: false }, out: { type: "string" } },
	allowPositionals: true,
});
checkNames("subject", positionals, Object.keys(SUBJECTS));
const isWhole = positionals.length === 0;
const names = isWhole ? Object.keys(SUBJECTS) : positionals;
const startedAt = performance.now();
const measured = flags.quick ? await runTogether(names) : await runInTurn(names);
const reports = measured.filter((report): report is Report => report !== undefined);
if (reports.length < names.length) process.exitCode = 1;

const docs = fileURLToPath(new URL("../docs", import.meta.url));
const folder = flags.out ?? (isWhole && !flags.quick ? docs : undefined);
if (process.exitCode === 1) console.error("nothing is written, because a subject failed");
else if (folder !== undefined) write(folder, reports);
else console.log(reports.map((report) => formatReport(report)).join("\n"));
console.log(formatGoals(reports.flatMap(({ goals = [] }) => goals)));

async function runInTurn(subjects: readonly string[]): Promise<readonly (Report | undefined)[]> {
	const measured: (Report | undefined)[] = [];
	for (const name of subjects) measured.push(await runSubject(name));
	return measured;
}

/** Two at a time: nobody reads the figures. */
async function runTogether(subjects: readonly string[]): Promise<readonly (Report | undefined)[]> {
	const measured = new Map<string, Report | undefined>();
	const left = [...subjects];
	const lane = async (): Promise<void> => {
		for (let name = left.shift(); name !== undefined; name = left.shift()) measured.set(name, await runSubject(name));
	};
	await Promise.all([lane(), lane()]);
	return subjects.map((name) => measured.get(name));
}

async function runSubject(name: string): Promise<Report | undefined> {
	const since = performance.now();
	const path = new URL("./run-subject.ts", import.meta.url);
	const child = fork(path, [name, flags.quick ? "quick" : "full"], {
		execArgv: ["--expose-gc"],
		serialization: "advanced",
	});
	let report: Report | undefined;
	child.on("message", (message) => {
		report = message as Report;
	});
	const [code] = await once(child, "exit");
	const outcome = report === undefined ? `failed, exit code ${code}` : "done";
	console.log(`${name}: ${outcome} (${((performance.now() - since) / 1_000).toFixed(1)} s)`);
	return report;
}

function write(target: string, measured: readonly Report[]): void {
	const charts = join(target, "performance");
	mkdirSync(charts, { recursive: true });
	const seconds = (performance.now() - startedAt) / 1_000;
	writeFileSync(join(target, "performance.md"), writePage(measured, { seconds, isQuick: flags.quick }));
	for (const table of measured.flatMap(({ tables }) => tables)) {
		writeFileSync(join(charts, `${table.id}.svg`), drawTable(table));
	}
	console.log(`written: ${join(target, "performance.md")}`);
}
