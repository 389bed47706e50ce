/**
 * The commands of the tour and the guides, as their readers type them, in a project with the package of `dist`.
 * @module
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { listDocs, root } from "../../scripts/sources.ts";
import { followSteps } from "../examples/follow-readme.ts";
import { choosePorts } from "../examples/install-example.ts";
import { readSteps } from "../examples/readme-steps.ts";
import { describeWithTool } from "../support/tools.ts";

const GUIDES = ["docs/tour.md", ...listDocs().filter((path) => path.startsWith("docs/guides/"))];
const FOLLOWED = GUIDES.filter((path) => readSteps(readFileSync(join(root, path), "utf8")).length > 0);
/** A file to write: its name ends the paragraph before it. */
const FILE = /`([\w./-]+)`:\n\n```(?:js|json)\n([\s\S]*?)^```$/gm;
const INSTALLED = ["ethers", "hardhat"];

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "orgpass-guide-"));
	mkdirSync(join(folder, "node_modules/.bin"), { recursive: true });
	symlinkSync(root, join(folder, "node_modules/orgpass"));
	symlinkSync(join(root, "dist/node/cli/main.js"), join(folder, "node_modules/.bin/orgpass"));
	for (const name of INSTALLED) symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name));
});
afterEach(() => rmSync(folder, { recursive: true }));

describeWithTool("the commands of the tour and the guides", "bash", ["--version"], () => {
	it.each(FOLLOWED)("%s works as written", async (path) => {
		const text = (await choosePorts())(readFileSync(join(root, path), "utf8"));
		for (const [, name = "", content = ""] of text.matchAll(FILE)) {
			mkdirSync(join(folder, name, ".."), { recursive: true });
			writeFileSync(join(folder, name), content);
		}
		const steps = readSteps(text);
		expect(steps.every(({ commands }) => !commands.includes("npm install"))).toBe(true);
		await followSteps(folder, steps, (commands) => commands);
	});
});
