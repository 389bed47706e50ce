/**
 * An example as its readers use it: with the commands of its README.
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { ENVIRONMENT } from "./install-example.ts";
import { type ReadmeStep, readSteps } from "./readme-steps.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

/** Commands that run until Ctrl-C; each needs a terminal of its own. */
const RUNS_ON = /^npx orgpass chain|^npm (?:start|run hotel)|^node /;

/** Runs a README's commands in its order, presses Ctrl-C in the end, and runs the example's own test. */
export async function followReadme(folder: string, install: string): Promise<void> {
	const steps = readSteps(readFileSync(join(folder, "README.md"), "utf8"));
	await followSteps(folder, steps, (commands) => commands.replace(/^npm install$/m, install));
	const shell = openTerminal(folder, ENVIRONMENT);
	try {
		expect(await shell.type("npm test && echo passed")).toMatch(/^passed$/m);
	} finally {
		shell.close();
	}
}

/** Runs commands in their order, compares what they print, and presses Ctrl-C in the end. */
export async function followSteps(
	folder: string,
	steps: readonly ReadmeStep[],
	edit: (commands: string) => string,
): Promise<void> {
	const running: Terminal[] = [];
	const shell = openTerminal(folder, ENVIRONMENT);
	try {
		for (const { commands, shows } of steps) {
			if (RUNS_ON.test(commands)) {
				const terminal = openTerminal(folder, ENVIRONMENT);
				running.push(terminal);
				await terminal.type(commands, shows);
				continue;
			}
			const output = await shell.type(edit(commands));
			for (const pattern of shows) expect(`${output}\n${running.at(-1)?.output()}`).toMatch(pattern);
		}
		for (const terminal of running.toReversed()) await terminal.interrupt();
	} finally {
		for (const terminal of [shell, ...running]) terminal.close();
	}
}
