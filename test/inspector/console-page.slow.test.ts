/** The console's page itself: what it loads, stores and asks, and whether everyone can use it. */
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import axe from "axe-core";
import type { Response } from "playwright-core";
import { preview } from "vite";
import { describe, expect, it } from "vitest";
import { exportPrivateKey } from "../../src/keys/export-private-key.ts";
import { importPrivateKey } from "../../src/keys/import-private-key.ts";
import {
	createInPage,
	makeKey,
	openChange,
	openOrganization,
	openWithWallet,
	sign,
	useConsoleStage,
} from "../support/console-page.ts";
import { installWallet } from "../support/test-wallet.ts";
import { describeWithTool } from "../support/tools.ts";

const MAX_FIRST_LOAD_BYTES = 200_000;
const FOLDER = fileURLToPath(new URL("../../dist/inspector", import.meta.url));

describeWithTool("the console's page", "chromium", ["--version"], () => {
	const stage = useConsoleStage();

	it("T102: sends the private half to nobody, stores nothing, and asks only its server and the node", async () => {
		const { page } = stage;
		await openWithWallet(stage);
		await createInPage(page);
		const keyFile = await makeKey(stage, "Register a key", "webserver");
		await sign(page);
		const pem = stage.read(keyFile);
		expect(pem).toMatch(/^-----BEGIN PRIVATE KEY-----/);
		const privateKey = await importPrivateKey(pem);
		const hex = exportPrivateKey(privateKey, "hex").slice(2);
		const secrets = [hex, exportPrivateKey(privateKey, "jwk").d, ...pem.trim().split("\n").slice(1, -1)];
		const asked = stage.requests.filter((request) => /^(?:http|ws)/.test(request.url()));
		const allowed = [stage.url, stage.chain.rpcUrl].map((url) => new URL(url).origin);
		expect(new Set(asked.map((request) => new URL(request.url()).origin))).toEqual(new Set(allowed));
		const stored = await page.evaluate(async () => ({
			local: JSON.stringify(localStorage),
			session: JSON.stringify(sessionStorage),
			databases: await indexedDB.databases(),
			caches: await caches.keys(),
			cookies: document.cookie,
		}));
		expect(stored).toEqual({ local: "{}", session: "{}", databases: [], caches: [], cookies: "" });
		const shown = `${await page.content()} ${page.url()}`;
		for (const secret of secrets) {
			for (const request of asked) {
				expect(`${request.url()} ${JSON.stringify(request.headers())} ${request.postData()}`).not.toContain(secret);
			}
			expect(shown).not.toContain(secret);
		}
		// Once it is registered, the page has forgotten it.
		const form = await openChange(page, "Register a key");
		expect(await form.getByRole("button", { name: "Download again" }).count()).toBe(0);
	});

	it("registers no key before its private half was downloaded", async () => {
		const { page } = stage;
		await openWithWallet(stage);
		await createInPage(page);
		const form = await openChange(page, "Register a key");
		await form.getByLabel("Name").fill("webserver");
		await form.getByText("Make the key pair first").waitFor();
		await form.getByLabel("Name").press("Enter");
		expect(await page.getByRole("heading", { name: "Register the key" }).count()).toBe(0);
	});

	it("finds a wallet that doesn't announce itself", async () => {
		const page = await stage.page.context().newPage();
		const wallet = await installWallet(page, stage.chain.rpcUrl, false);
		wallet.accounts = [stage.wallet.accounts[0] as string];
		await page.goto(stage.url);
		await page.getByRole("button", { name: "The browser's wallet" }).click();
		await createInPage(page);
		expect(wallet.methods).toContain("eth_sendTransaction");
		await page.close();
	});

	it("opens the organization again after a reload, or by a link", async () => {
		const { page } = stage;
		const { did } = await stage.ok("org", "create");
		await openOrganization(page, did as string);
		await page.reload();
		await page.getByRole("heading", { name: "Change it" }).waitFor();
		expect(page.url()).toBe(`${stage.url}#did=${did}`);
	});

	it("works below a folder of a static host, and may ask only the node that is entered", async () => {
		const { page, chain } = stage;
		const server = await preview({
			...{ configFile: false, base: "/tools/orgpass/", appType: "mpa", logLevel: "silent" },
			build: { outDir: FOLDER },
			preview: { host: "127.0.0.1", port: 0 },
		});
		await page.goto(`${server.resolvedUrls?.local[0]}console.html`);
		await page.getByText("Enter a node and a registry above.").waitFor();
		await page.getByText("No node").click();
		await page.getByLabel("Node (JSON-RPC)").fill(chain.rpcUrl);
		await page.getByLabel("Registry").fill(chain.registry);
		await page.getByLabel("Chain id").fill(String(chain.chainId));
		await page.getByRole("button", { name: "Ask this node" }).click();
		await page.getByRole("button", { name: "Accounts of the node" }).click();
		await createInPage(page);
		const blocked = page.evaluate(async () => {
			const violation = new Promise<SecurityPolicyViolationEvent>((resolve) => {
				document.addEventListener("securitypolicyviolation", resolve, { once: true });
			});
			await fetch("https://elsewhere.example/").catch(() => {});
			return (await violation).blockedURI;
		});
		expect(await blocked).toContain("https://elsewhere.example");
		await server.close();
	});

	it("shows hostile text as text", async () => {
		const { page } = stage;
		// The page listens to wallets now.
		await page.getByRole("button", { name: "Test Wallet" }).waitFor();
		await page.evaluate(() => {
			const info = {
				uuid: "1",
				name: '<img src=x onerror="document.title=1">\u202E',
				icon: "https://evil.example/icon",
			};
			dispatchEvent(
				new CustomEvent("eip6963:announceProvider", { detail: { info, provider: { request: async () => [] } } }),
			);
			dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail: null }));
			location.hash = '#did=<img src=x onerror="document.title=1">';
		});
		await page.getByRole("button", { name: "<img src=x" }).waitFor();
		await page.getByText("did/syntax").waitFor();
		expect(await page.title()).toBe("orgpass console");
		// The icon of the real wallet is the only picture.
		expect(await page.locator("main img").count()).toBe(1);
		expect(stage.requests.filter((request) => request.url().includes("evil.example"))).toEqual([]);
	});

	it("can be used with the keyboard alone, and reads out what happens", async () => {
		const { page } = stage;
		const press = async (name: string): Promise<void> => {
			await page.getByRole("button", { name, exact: true }).waitFor();
			for (let tries = 0; tries < 60; tries += 1) {
				await page.keyboard.press("Tab");
				const focused = await page.evaluate(() => document.activeElement?.textContent);
				if (focused === name) return page.keyboard.press("Enter");
			}
			expect.fail(`${name} can't be reached`);
		};
		await press("Test Wallet");
		await page.getByRole("button", { name: "Use another wallet" }).waitFor();
		await press("Create a new one");
		await page.waitForFunction(() => document.activeElement?.textContent === "Create an organization");
		await press("Sign in the wallet");
		await page.getByRole("status").filter({ hasText: "Done" }).waitFor();
	});

	it("a first load takes less than 200 kB", async () => {
		const page = await stage.page.context().newPage();
		const bodies: Promise<Buffer>[] = [];
		page.on("response", (response: Response) => {
			if (response.url().startsWith(stage.url.replace(/console\.html$/, ""))) bodies.push(response.body());
		});
		await page.goto(stage.url);
		await page.getByRole("button", { name: "Accounts of the node" }).waitFor();
		const sizes = (await Promise.all(bodies)).map((body) => gzipSync(body).length);
		expect(sizes.length).toBeGreaterThan(3);
		expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(MAX_FIRST_LOAD_BYTES);
		await page.close();
	});

	describe.each([
		["light", 1280],
		["dark", 1280],
		["light", 360],
		["dark", 360],
	] as const)("%s and %i pixels wide", (colorScheme, width) => {
		/** What axe calls serious, and whether the page is wider than its window. */
		async function judge(): Promise<void> {
			const { page } = stage;
			await page.evaluate(axe.source);
			const violations = await page.evaluate(async () => {
				const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run();
				return violations.map(({ id, impact, nodes }) => ({ id, impact, html: nodes.map(({ html }) => html) }));
			});
			expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
			expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
		}

		it("axe finds nothing serious, from the start to the end", async () => {
			const { page, wallet } = stage;
			await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
			await page.setViewportSize({ width, height: 900 });
			await page.getByRole("button", { name: "Test Wallet" }).waitFor();
			await judge();
			wallet.chainId = 1;
			await openWithWallet(stage);
			await page.getByRole("button", { name: "Create a new one" }).click();
			await judge();
			await page.getByRole("button", { name: "Switch to chain 31337" }).click();
			await sign(page);
			await makeKey(stage, "Register a key", "webserver");
			await judge();
			await sign(page);
			await page.getByText("Key added").first().waitFor();
			await page.evaluate(() => {
				for (const details of document.querySelectorAll("details")) {
					// Only one of a name is open.
					details.removeAttribute("name");
					details.open = true;
				}
			});
			await judge();
			wallet.answers.set("eth_sendTransaction", { error: { code: 4001, message: "no" } });
			await page.getByRole("button", { name: "Create a new one" }).click();
			await page.getByRole("button", { name: /^Sign/ }).click();
			await page.locator("[data-stage=failed]").waitFor();
			await judge();
		});
	});
});
