/**
 * The inspector in Debian's Chromium, as `orgpass inspector` serves it beside an `orgpass chain`; needs `npm run build`.
 * @module
 */
import { type Browser, chromium, type Page, type Request } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { type CliStage, startCliStage } from "./cli-chain.ts";
import type { CliResult, CliWorld } from "./cli-world.ts";
import type { JudgedToken } from "./judged-tokens.ts";
import { prolongDeadlines } from "./patient-page.ts";

/** A page, and what it has requested. */
export interface InspectorStage extends CliStage {
	readonly url: string;
	readonly page: Page;
	readonly requests: readonly Request[];
}

/** A running `orgpass inspector` or `orgpass console`. */
export interface RunningPage {
	readonly url: string;
	/** Presses Ctrl-C and waits for the end. */
	readonly stop: () => Promise<CliResult>;
}

/** Runs `orgpass inspector --json` until it reports that it is ready. */
export function startInspector(world: CliWorld, options: readonly string[] = []): Promise<RunningPage> {
	return startPage(world, "inspector", options);
}

/** Runs a command that serves a page until it reports that it is ready. */
export async function startPage(
	world: CliWorld,
	command: "inspector" | "console",
	options: readonly string[] = [],
): Promise<RunningPage> {
	const interrupt = new AbortController();
	const ready = Promise.withResolvers<string>();
	const ended = world.run([command, "--json", ...options], {
		signal: interrupt.signal,
		onStdout: (text) => ready.resolve(text),
	});
	const line = await Promise.race([ready.promise, ended.then(({ stdout, stderr }) => `${stdout}${stderr}`)]);
	expect(line).toMatch(/^\{"url":"http/);
	return {
		...(JSON.parse(line) as { readonly url: string }),
		stop: () => {
			interrupt.abort();
			return ended;
		},
	};
}

/** A stage for the tests of this file or block: set before them, ended after them. */
export function useInspectorStage(): InspectorStage {
	const stage = {} as InspectorStage;
	let browser: Browser | undefined;
	let inspector: RunningPage | undefined;
	beforeAll(async () => {
		Object.assign(stage, await startCliStage());
		inspector = await startInspector(stage);
		browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
		const context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
		const page = await context.newPage();
		const requests: Request[] = [];
		page.on("request", (request) => requests.push(request));
		page.setDefaultTimeout(20_000);
		await prolongDeadlines(page);
		Object.assign(stage, { url: inspector.url, page, requests });
	});
	afterAll(async () => {
		await browser?.close();
		await inspector?.stop();
		await stage.end?.();
	});
	return stage;
}

/** Pastes a token and waits for the verdict. */
export async function pasteToken(page: Page, token: string): Promise<void> {
	await page.getByRole("textbox", { name: "Token" }).fill(token);
}

/** Returns the outcome and the step that the page shows at the end. */
export async function readVerdict(
	page: Page,
): Promise<{ readonly outcome: string | null; readonly step: string | null }> {
	const verdict = page.getByRole("status");
	await page.locator(".verdict:not(.running):not(.empty)").waitFor();
	return { outcome: await verdict.getAttribute("data-outcome"), step: await verdict.getAttribute("data-step") };
}

/** The fields of the page for the options of the command line. */
const FIELDS: Readonly<Record<string, string>> = {
	"--audience": "audience",
	"--trusted-issuer": "trustedIssuers",
	"--scope": "scope",
	"--now": "now",
};

/** Fills in what the options of `token verify` say. */
export async function fillFields(stage: InspectorStage, { profile, options }: JudgedToken): Promise<void> {
	const { page } = stage;
	await page.getByLabel("Kind of token").selectOption(profile.name);
	await page.locator(".fields details").evaluate((details) => details.setAttribute("open", ""));
	for (let at = 0; at < options.length; at += 2) {
		const [option = "", value = ""] = options.slice(at, at + 2);
		if (option === "--profile") continue;
		if (option === "--app-key") {
			const [id = "", file = ""] = value.split("=");
			await page.locator("[name=appId]").fill(id);
			await page.locator("[name=appKey]").fill(stage.read(file));
		} else {
			await page.locator(`[name=${FIELDS[option]}]`).fill(value);
		}
	}
}
