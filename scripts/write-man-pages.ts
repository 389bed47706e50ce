/**
 * Writes the man pages to `dist/man` in the working directory, from the commands in `src`. The `man` of package.json must
 * list them.
 * @module
 */
import "../test/support/source-hooks.ts";
import { mkdirSync, writeFileSync } from "node:fs";
import { readManifest } from "./sources.ts";

const FOLDER = "dist/man";

const { formatManPages } = await import("./man-page.ts");
const { toCommandTree } = await import("../src/cli/completion/command-tree.ts");
const { HELP_NOTES } = await import("../src/cli/help-notes.ts");
const { createProgram } = await import("../src/cli/run-cli.ts");

const { version, man = [] } = readManifest();
const tree = toCommandTree(await createProgram(createHost()));
// https://reproducible-builds.org/specs/source-date-epoch
const builtAt = process.env["SOURCE_DATE_EPOCH"] ? Number(process.env["SOURCE_DATE_EPOCH"]) * 1_000 : Date.now();
const date = new Date(builtAt).toISOString().slice(0, 10);
const pages = formatManPages(tree, { version, date, notes: HELP_NOTES });
mkdirSync(FOLDER, { recursive: true });
for (const [name, page] of pages) writeFileSync(`${FOLDER}/${name}`, page);

const expected = [...pages.keys()].map((name) => `./${FOLDER}/${name}`);
if (man.join() !== expected.join()) {
	console.error(`package.json: "man" must be ${JSON.stringify(expected)}`);
	process.exitCode = 1;
}

/** A host that only defines commands, and runs none. */
function createHost(): Parameters<typeof createProgram>[0] {
	const fail = (): never => {
		throw new Error("no command is run here");
	};
	return {
		context: {
			...{ env: {}, cwd: ".", stdout: fail, stderr: fail, readStdin: fail, askSecret: fail },
			signal: new AbortController().signal,
		},
		setExitCode: fail,
		loadProgram: fail,
	};
}
