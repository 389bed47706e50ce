/**
 * The console in Debian's Chromium, as `orgpass console` serves it beside an `orgpass chain`; needs `npm run build`.
 * @module
 */
import { chmodSync, copyFileSync } from "node:fs";
import { type Browser, chromium, type Locator, type Page, type Request } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import type { RegistryKind } from "../../src/registry/adapters/adapter.ts";
import { type CliStage, startCliStage } from "./cli-chain.ts";
import { startCliRegistry } from "./cli-registry.ts";
import { type RunningPage, startPage } from "./inspector-page.ts";
import { prolongDeadlines } from "./patient-page.ts";
import { postJson } from "./post-json.ts";
import { installWallet, type TestWallet } from "./test-wallet.ts";

/** A fresh page for each test, with a wallet in it, and what the page has requested. */
export interface ConsoleStage extends CliStage {
	readonly url: string;
	readonly page: Page;
	/** Its account is the chain's first one. */
	readonly wallet: TestWallet;
	readonly requests: readonly Request[];
}

/** A stage for the tests of this file or block, before a registry of any generation; ours by default. */
export function useConsoleStage(kind: RegistryKind = "orgpass"): ConsoleStage {
	const stage = {} as ConsoleStage;
	let browser: Browser | undefined;
	let server: RunningPage | undefined;
	beforeAll(async () => {
		Object.assign(stage, kind === "orgpass" ? await startCliStage() : await startCliRegistry(kind));
		server = await startPage(stage, "console");
		browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
		Object.assign(stage, { url: server.url });
	});
	beforeEach(async () => {
		const context = await (browser as Browser).newContext({ permissions: ["clipboard-read", "clipboard-write"] });
		const page = await context.newPage();
		page.setDefaultTimeout(20_000);
		await prolongDeadlines(page);
		const requests: Request[] = [];
		page.on("request", (request) => requests.push(request));
		const wallet = await installWallet(page, stage.chain.rpcUrl);
		wallet.accounts = [addressOf(stage, 0)];
		Object.assign(stage, { page, requests, wallet });
		await page.goto(stage.url);
	});
	afterEach(() => stage.page.context().close());
	afterAll(async () => {
		await browser?.close();
		await server?.stop();
		await stage.end?.();
	});
	return stage;
}

/** One of the chain's accounts. */
export function addressOf({ chain }: CliStage, index: number): string {
	return chain.accounts[index]?.address as string;
}

/** Returns the result of a call. */
export async function askChain({ chain }: CliStage, method: string, params: readonly unknown[] = []): Promise<unknown> {
	const { body } = await postJson(chain.rpcUrl, JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }));
	return (JSON.parse(body) as { readonly result: unknown }).result;
}

/** Opens an organization with the account of the wallet. */
export async function openWithWallet({ page }: ConsoleStage, did?: string): Promise<void> {
	await page.getByRole("button", { name: "Test Wallet" }).click();
	await page.getByRole("button", { name: "Use another wallet" }).waitFor();
	if (did !== undefined) await openOrganization(page, did);
}

/** Enters an organization's DID. */
export async function openOrganization(page: Page, did: string): Promise<void> {
	await page.getByLabel("Its DID").fill(did);
	await page.getByRole("button", { name: "Open" }).click();
	await page.getByRole("heading", { name: "Change it" }).waitFor();
}

/** Opens what can be changed, and returns it. */
export async function openChange(page: Page, title: string): Promise<Locator> {
	const change = page.locator(".changes details", { has: page.locator(`summary:text-is("${title}")`) });
	await change.locator("summary").click();
	return change;
}

/** Creates an organization in the page; returns its DID. */
export async function createInPage(page: Page): Promise<string> {
	await page.getByRole("button", { name: "Create a new one" }).click();
	await sign(page);
	await page.getByRole("heading", { name: "Change it" }).waitFor();
	return page.getByLabel("Its DID").inputValue();
}

/** Signs what is shown, and expects that the registry shows it afterwards. */
export async function sign(page: Page): Promise<void> {
	await page.getByRole("button", { name: /^Sign/ }).click();
	expect(await readResult(page)).toMatch(/^Done/);
}

/** Returns what the page says at the end. */
export async function readResult(page: Page): Promise<string> {
	const result = page.locator("[data-stage=done], [data-stage=failed]");
	await result.waitFor();
	return (await result.textContent()) as string;
}

/** Fills in the form of a key that the page makes; its file is saved to the world's folder. Returns the file's name. */
export async function makeKey(stage: ConsoleStage, title: string, name: string): Promise<string> {
	const { page } = stage;
	const form = await openChange(page, title);
	await form.getByLabel(/^Name/).fill(name);
	const keyFile = await saveDownload(stage, form);
	await form.getByRole("button", { name: "Review" }).click();
	return keyFile;
}

/** Makes the key pair, and moves the file to where only its owner can read it. */
export async function saveDownload(stage: ConsoleStage, form: Locator): Promise<string> {
	const downloading = stage.page.waitForEvent("download");
	await form.getByRole("button", { name: "Make and download" }).click();
	const download = await downloading;
	const name = download.suggestedFilename();
	copyFileSync(await download.path(), stage.path(name));
	chmodSync(stage.path(name), 0o600);
	return name;
}

/** Runs a command that the page shows, without `orgpass` before it. */
export async function runShown(stage: ConsoleStage, name: RegExp): Promise<Record<string, unknown>> {
	const text = await stage.page.locator(".command code", { hasText: name }).first().textContent();
	const words = [...(text ?? "").matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? "");
	expect(words.shift()).toBe("orgpass");
	return stage.ok(...words);
}
