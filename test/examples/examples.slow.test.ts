/** The examples, installed and run with the commands of their READMEs: from a tarball, and in a clone. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeBehaviour, type Subject } from "../http/adapters/behaviour-suite.ts";
import { toHotelRequest } from "../http/adapters/example-servers.ts";
import type { ServerOptions } from "../http/adapters/servers.ts";
import { allOrFirst } from "../support/thorough.ts";
import { type ChainStage, createOfflineStage, startChainStage } from "../support/token-stage.ts";
import { describeWithTool } from "../support/tools.ts";
import { followReadme } from "./follow-readme.ts";
import {
	copyExample,
	createExampleSources,
	ENVIRONMENT,
	type ExampleSources,
	startWithModules,
} from "./install-example.ts";
import { startNest, startNext, toNextRequest } from "./installed-servers.ts";
import { openTerminal } from "./terminal.ts";

const FIRST = "express-api";
const OTHERS = ["fastify-api", "hono-edge", "nest-guard", "next-app", "client-cron", "cluster"];
/** Installing and building them all at once takes minutes on a busy machine. */
const TIMEOUT_MS = 1_200_000;
const PROBE = "curl --version && npm view express version --fetch-retries=0";

const inClone = allOrFirst([FIRST, ...OTHERS]);
let sources: ExampleSources;
beforeAll(() => {
	sources = createExampleSources(inClone.length > 1);
});
afterAll(() => sources.remove());

describeWithTool("the examples", "bash", ["-c", PROBE], () => {
	it(`${FIRST} runs from a tarball in an empty folder, and passes its test`, { timeout: TIMEOUT_MS }, async () => {
		const folder = join(sources.folder, FIRST);
		await copyExample(FIRST, folder);
		await followReadme(folder, `npm install ${sources.tarball}`);
	});

	it.concurrent.each(OTHERS)("%s runs from a tarball, and passes its test", { timeout: TIMEOUT_MS }, async (name) => {
		const folder = join(sources.folder, name);
		await copyExample(name, folder);
		startWithModules(folder, join(sources.folder, FIRST));
		await followReadme(folder, `npm install ${sources.tarball}`);
	});

	// One after another: npm also writes to the clone.
	it.each(inClone)("%s runs in a clone, and passes its test", { timeout: TIMEOUT_MS }, async (name) => {
		const folder = join(sources.clone, "examples", name);
		await copyExample(name, folder);
		await followReadme(folder, "npm install");
	});

	const platforms = ["Express", "Fastify"] as const;
	const nest = platforms.map((platform) => ({
		name: `the example nest-guard on ${platform}`,
		adapt: toHotelRequest,
		start: async (options: ServerOptions) => startNest(await build("nest-guard", "dist"), platform, options),
	}));
	describeBehaviour(nest, createOfflineStage);

	const next: Subject<ChainStage> = {
		name: "the example next-app",
		adapt: toNextRequest,
		hides: ["calls"],
		start: async (options, stage) => startNext(await build("next-app", ".next"), options, stage),
	};
	describeBehaviour([next], startChainStage);
});

/** The folder of an example from the tarball; it is installed and built, unless its README's test has done so. */
async function build(name: string, output: string): Promise<string> {
	const folder = join(sources.folder, name);
	if (existsSync(join(folder, output))) return folder;
	await copyExample(name, folder);
	const terminal = openTerminal(folder, ENVIRONMENT);
	expect(await terminal.type(`npm install ${sources.tarball} && npm run build && echo built`)).toMatch(/^built$/m);
	terminal.close();
	return folder;
}
