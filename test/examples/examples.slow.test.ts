/** The examples, installed and run with the commands of their READMEs: from a tarball, and in a clone. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWithTool } from "../support/tools.ts";
import { copyExample, createExampleSources, ENVIRONMENT, type ExampleSources } from "./install-example.ts";
import { readSteps } from "./readme-steps.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

const EXAMPLES = ["express-api", "fastify-api", "hono-edge", "nest-guard", "next-app", "client-cron"];
/** Commands that run until Ctrl-C; each needs a terminal of its own. */
const RUNS_ON = /^npx orgpass chain|^npm (?:start|run hotel)/;
/** Installing and building them all at once takes minutes on a busy machine. */
const TIMEOUT_MS = 1_200_000;
const PROBE = "curl --version && npm view express version --fetch-retries=0";

let sources: ExampleSources;
beforeAll(() => {
	sources = createExampleSources();
});
afterAll(() => sources.remove());

/** Runs a README's commands in its order, and presses Ctrl-C in the end. */
async function followReadme(folder: string, install: string): Promise<void> {
	const running: Terminal[] = [];
	const shell = openTerminal(folder, ENVIRONMENT);
	try {
		for (const { commands, shows } of readSteps(readFileSync(join(folder, "README.md"), "utf8"))) {
			if (RUNS_ON.test(commands)) {
				const terminal = openTerminal(folder, ENVIRONMENT);
				running.push(terminal);
				await terminal.type(commands, shows);
				continue;
			}
			const output = await shell.type(commands.replace(/^npm install$/m, install));
			for (const pattern of shows) expect(`${output}\n${running.at(-1)?.output()}`).toMatch(pattern);
		}
		for (const terminal of running.toReversed()) await terminal.interrupt();
	} finally {
		for (const terminal of [shell, ...running]) terminal.close();
	}
}

describeWithTool("the examples", "bash", ["-c", PROBE], () => {
	const options = { timeout: TIMEOUT_MS };
	it.concurrent.each(EXAMPLES)(
		"%s runs from a tarball in an empty folder, and passes its test",
		options,
		async (name) => {
			const folder = join(sources.folder, name);
			await copyExample(name, folder);
			await followReadme(folder, `npm install ${sources.tarball}`);
			const terminal = openTerminal(folder, ENVIRONMENT);
			expect(await terminal.type("npm test && echo passed")).toMatch(/^passed$/m);
			terminal.close();
		},
	);

	it.each(EXAMPLES.slice(0, 1))("%s runs in a clone", async (name) => {
		const folder = join(sources.clone, "examples", name);
		await copyExample(name, folder);
		await followReadme(folder, "npm install");
	});
});
