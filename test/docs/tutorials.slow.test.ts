/**
 * The tutorials as a newcomer follows them: with the package's tarball, every command and file, the first one in an empty
 * folder.
 * @module
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { listDocs, root } from "../../scripts/sources.ts";
import { followSteps } from "../examples/follow-readme.ts";
import {
	choosePorts,
	createExampleSources,
	type ExampleSources,
	startWithModules,
} from "../examples/install-example.ts";
import { readSteps } from "../examples/readme-steps.ts";
import { describeWithTool } from "../support/tools.ts";

/** Ten minutes are for a person; npm may have to wait for a busy machine. */
const TIMEOUT_MS = 1_200_000;
const PROBE = "curl --version && npm view express version --fetch-retries=0";
const TUTORIALS = listDocs().filter((path) => path.startsWith("docs/tutorials/"));
const [FIRST = ""] = TUTORIALS;
/** A file to write: its name ends the paragraph before it. */
const FILE = /`([\w.-]+)`:\n\n```js\n([\s\S]*?)^```$/gm;
const TARBALL = /\S+\/orgpass-\*\.tgz/;

let sources: ExampleSources;
beforeAll(() => {
	sources = createExampleSources(false);
});
afterAll(() => sources.remove());

const folderOf = (path: string): string => join(sources.folder, basename(path, ".md"));

describeWithTool("the tutorials", "bash", ["-c", PROBE], () => {
	it.each(TUTORIALS)("%s works as written", { timeout: TIMEOUT_MS }, async (path) => {
		const folder = folderOf(path);
		mkdirSync(folder);
		if (path !== FIRST) startWithModules(folder, folderOf(FIRST));
		const replacePorts = await choosePorts();
		const text = replacePorts(readFileSync(join(root, path), "utf8"));
		const files = [...text.matchAll(FILE)];
		expect(files).toHaveLength(text.match(/^```js$/gm)?.length ?? 0);
		for (const [, name = "", content = ""] of files) writeFileSync(join(folder, name), content);
		const steps = readSteps(text);
		expect(steps.filter(({ commands }) => TARBALL.test(commands))).toHaveLength(1);
		await followSteps(folder, steps, (commands) => commands.replace(TARBALL, sources.tarball));
	});
});
