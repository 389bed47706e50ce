/** Wallets, nodes and users that do something else than what was reviewed. */
import { expect, it } from "vitest";
import {
	addressOf,
	askChain,
	createInPage,
	makeKey,
	openChange,
	openWithWallet,
	readResult,
	sign,
	useConsoleStage,
} from "../support/console-page.ts";
import { describeWithTool } from "../support/tools.ts";

describeWithTool("the console under attack", "chromium", ["--version"], () => {
	const stage = useConsoleStage();

	const ask = (method: string, params?: readonly unknown[]) => askChain(stage, method, params);

	it("T101: doesn't take a stranger's new organization for the user's, whatever hash the wallet returns", async () => {
		const { page, wallet } = stage;
		const stranger = await stage.ok("org", "create");
		const block = (await ask("eth_getBlockByNumber", ["latest", false])) as { transactions: string[] };
		wallet.accounts = [addressOf(stage, 3)];
		await openWithWallet(stage);
		wallet.answers.set("eth_sendTransaction", { result: block.transactions[0] });
		await page.getByRole("button", { name: "Create a new one" }).click();
		await page.getByRole("button", { name: /^Sign/ }).click();
		expect(await readResult(page)).toMatch(/^It is in a block, but the registry doesn't show the change/);
		expect(page.url()).not.toContain(stranger["did"]);
		expect(await page.locator(".next").count()).toBe(0);
	});

	it("sends once, however often it is clicked", async () => {
		const { page, wallet } = stage;
		await openWithWallet(stage);
		await page.getByRole("button", { name: "Create a new one" }).click();
		await page.getByRole("button", { name: /^Sign/ }).evaluate((button: HTMLElement) => {
			for (let clicks = 0; clicks < 5; clicks += 1) button.click();
		});
		expect(await readResult(page)).toMatch(/^Done/);
		expect(wallet.methods.filter((method) => method === "eth_sendTransaction")).toHaveLength(1);
	});

	it("T101: signs nothing if the wallet has changed its chain without saying so", async () => {
		const { page, wallet } = stage;
		await openWithWallet(stage);
		await page.getByRole("button", { name: "Create a new one" }).click();
		wallet.chainId = 1;
		await page.getByRole("button", { name: /^Sign/ }).click();
		expect(await readResult(page)).toMatch(/^Nothing was sent/);
		expect(wallet.methods).not.toContain("eth_sendTransaction");
	});

	it("shows only a hash as a hash", async () => {
		const { page, wallet } = stage;
		await openWithWallet(stage);
		for (const result of ["\u202E<b>hash</b>".repeat(1_000), null, { hash: 1 }]) {
			wallet.answers.set("eth_sendTransaction", { result });
			await page.getByRole("button", { name: "Create a new one" }).click();
			await page.getByRole("button", { name: /^Sign/ }).click();
			expect(await readResult(page)).toMatch(/^It was sent, but it isn't confirmed/);
			expect(await page.locator(".transaction").textContent()).not.toMatch(/\u202E|Transaction (null|\[object)/);
			await page.getByRole("button", { name: "Close" }).click();
		}
	});

	it("T101: says that a key isn't as it was reviewed if the wallet registered it for longer", async () => {
		const { page, wallet } = stage;
		await openWithWallet(stage);
		const did = await createInPage(page);
		await makeKey(stage, "Register a key", "short");
		const panel = page.locator(".transaction");
		expect(await panel.textContent()).toContain("until it is revoked");
		// The wallet signs the same key, but with an end of its own.
		const { publicKeyHex } = (await stage.ok("keys", "inspect", "short.pem")) as { publicKeyHex: string };
		await stage.ok("org", "add-key", `${did}#short`, "--public-key", publicKeyHex, "--valid-until", "2030-01-01");
		const block = (await ask("eth_getBlockByNumber", ["latest", false])) as { transactions: string[] };
		wallet.answers.set("eth_estimateGas", { result: "0x100000" });
		wallet.answers.set("eth_sendTransaction", { result: block.transactions[0] });
		await page.getByRole("button", { name: /^Sign/ }).click();
		expect(await readResult(page)).toMatch(/^It is in a block, but the registry doesn't show the change/);
	});

	it("signs what was reviewed, for the organization that was shown, after the address and the account changed", async () => {
		const { page, wallet } = stage;
		const other = await stage.ok("org", "create");
		await openWithWallet(stage);
		const did = await createInPage(page);
		const form = await openChange(page, "Deactivate");
		await form.getByRole("button", { name: "Review" }).click();
		await page.evaluate((to) => {
			location.hash = `#did=${to}`;
		}, other["did"]);
		await page.waitForFunction(
			(to) => document.querySelector<HTMLInputElement>("input[name=did]")?.value === to,
			other["did"],
		);
		wallet.accounts = [addressOf(stage, 1)];
		await wallet.emit("accountsChanged", wallet.accounts);
		const panel = page.locator(".transaction");
		await panel.getByText(addressOf(stage, 1)).first().waitFor();
		expect(await panel.textContent()).toContain(did);
		wallet.accounts = [addressOf(stage, 0)];
		await wallet.emit("accountsChanged", wallet.accounts);
		await sign(page);
		expect(await stage.ok("org", "show", did)).toMatchObject({ active: false });
		expect(await stage.ok("org", "show", other["did"] as string)).toMatchObject({ active: true });
	});

	it("T100: shows a command that a terminal doesn't obey, whatever a file is called", async () => {
		const { page } = stage;
		await openWithWallet(stage);
		const did = await createInPage(page);
		const orgJson = { "@context": ["https://windingtree.com/ns/did/v1"], id: did, publicKey: [] };
		const name = "a'$(touch hacked)`x`;\u0003\u001B[201~\r\ntouch hacked\n#\u202E.json";
		const form = await openChange(page, "Document");
		await form.getByLabel("Its address").fill("https://hotel.example/$(touch%20hacked)'.json");
		await form.getByLabel("The document's file").evaluate(
			(input: HTMLInputElement, [fileName, text]) => {
				const files = new DataTransfer();
				files.items.add(new File([text], fileName));
				input.files = files.files;
				input.dispatchEvent(new Event("change", { bubbles: true }));
			},
			[name, JSON.stringify(orgJson)] as const,
		);
		await form.getByRole("button", { name: "Review" }).click();
		await page.getByRole("heading", { name: "Set the document" }).waitFor();
		const command = await page.locator(".transaction .command code").textContent();
		expect(command).not.toMatch(/[\p{Cc}\p{Cf}]/u);
		expect(command).toContain("'a'\\''$(touch hacked)`x`;'\\\\'u{3}'\\\\'u{1b}[201~");
	});

	it.each([
		[
			"of a block to come",
			{ status: "0x1", blockNumber: "0x2540be400", gasUsed: "0x1", contractAddress: null, logs: [] },
		],
		[
			"that is no receipt",
			{ status: "0x1", blockNumber: "\u202E<b>", gasUsed: "x", contractAddress: null, logs: null },
		],
		[
			"of a block before the change",
			{ status: "0x1", blockNumber: "0x1", gasUsed: "0x1", contractAddress: null, logs: [] },
		],
	])("doesn't believe a receipt %s", async (_, receipt) => {
		const { page, wallet } = stage;
		await openWithWallet(stage);
		const did = await createInPage(page);
		const form = await openChange(page, "Deactivate");
		await form.getByRole("button", { name: "Review" }).click();
		wallet.answers.set("eth_sendTransaction", { result: `0x${"cd".repeat(32)}` });
		wallet.answers.set("eth_getTransactionReceipt", { result: receipt });
		await page.getByRole("button", { name: /^Sign/ }).click();
		expect(await readResult(page)).toMatch(/^It (?:is in a block, but|was sent, but)/);
		expect(await page.locator(".transaction").textContent()).not.toContain("\u202E");
		expect(await stage.ok("org", "show", did)).toMatchObject({ active: true });
	});

	it("T102: keeps no private half once the page was left and opened again", async () => {
		const { page } = stage;
		await openWithWallet(stage);
		await createInPage(page);
		const keyFile = await makeKey(stage, "Register a key", "left");
		const secrets = stage.read(keyFile).trim().split("\n").slice(1, -1);
		await page.goto("about:blank");
		await page.goBack();
		await page.getByRole("heading", { name: "Change it" }).waitFor();
		const kept = await page.evaluate(() => `${document.documentElement.outerHTML} ${JSON.stringify(history.state)}`);
		for (const secret of secrets) expect(kept + page.url() + (await page.title())).not.toContain(secret);
		expect(await page.getByRole("button", { name: "Download again" }).count()).toBe(0);
	});
});
