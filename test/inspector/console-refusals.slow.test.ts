/** What the console says when a transaction isn't possible, and that nothing is half-done then. */
import { describe, expect, it } from "vitest";
import {
	addressOf,
	askChain,
	createInPage,
	openChange,
	openWithWallet,
	readResult,
	sign,
	useConsoleStage,
} from "../support/console-page.ts";
import type { WalletError } from "../support/test-wallet.ts";
import { describeWithTool } from "../support/tools.ts";

describeWithTool("the console", "chromium", ["--version"], () => {
	const stage = useConsoleStage();

	const ask = (method: string, params?: readonly unknown[]) => askChain(stage, method, params);

	/** Expects that what is done in the meantime puts nothing on chain. */
	async function expectNothingSent(work: () => Promise<void>): Promise<void> {
		const before = await ask("eth_blockNumber");
		await work();
		expect(await ask("eth_blockNumber")).toBe(before);
	}

	function refuse(method: string, error: WalletError): void {
		stage.wallet.answers.set(method, { error });
	}

	describe("before anything is signed", () => {
		it("says that the user refused to connect, that a wallet is locked, or already asks", async () => {
			const { page, wallet } = stage;
			const connect = () => page.getByRole("button", { name: "Test Wallet" }).click();
			refuse("eth_requestAccounts", { code: 4001, message: "User rejected the request." });
			await connect();
			await page.getByText("You refused in the wallet.").waitFor();
			refuse("eth_requestAccounts", { code: -32002, message: "Already processing eth_requestAccounts." });
			await connect();
			await page.getByText("The wallet is already asking you").waitFor();
			wallet.answers.clear();
			wallet.accounts = [];
			await connect();
			await page.getByText("The wallet is locked").waitFor();
			expect(wallet.methods).not.toContain("eth_sendTransaction");
			expect(await page.getByRole("heading", { name: "Change it" }).count()).toBe(0);
		});

		it("notices that the wallet is locked, or has lost its chain", async () => {
			const { page, wallet } = stage;
			await openWithWallet(stage);
			await wallet.emit("disconnect", { code: 4900, message: "gone" });
			await page.getByText("The wallet has lost its connection to the chain.").waitFor();
			await page.getByText("doesn't say which chain it is on").waitFor();
			await wallet.emit("accountsChanged", []);
			await page.getByText("The wallet is locked").waitFor();
			await page.getByRole("button", { name: "Test Wallet" }).waitFor();
			expect(await page.getByRole("button", { name: "Use another wallet" }).count()).toBe(0);
		});

		it("says which chain the wallet is on, sends nothing there, and offers to switch", async () => {
			const { page, wallet } = stage;
			wallet.chainId = 1;
			await openWithWallet(stage);
			await page.getByText("Test Wallet is on chain 1, but the registry is on chain 31337.").first().waitFor();
			await page.getByRole("button", { name: "Create a new one" }).click();
			const signing = page.getByRole("button", { name: "Sign in the wallet" });
			expect(await signing.getAttribute("aria-disabled")).toBe("true");
			await signing.press("Enter");
			expect(wallet.methods).not.toContain("eth_sendTransaction");
			refuse("wallet_switchEthereumChain", { code: 4902, message: "Unrecognized chain ID" });
			const switching = page.getByRole("button", { name: "Switch to chain 31337" });
			await switching.click();
			await page.getByText("The wallet doesn't know the chain 31337.").waitFor();
			wallet.answers.clear();
			await switching.click();
			await switching.waitFor({ state: "detached" });
			await sign(page);
		});

		it("says who may do it if the account may not, and then in the registry's words", async () => {
			const { page, wallet } = stage;
			const { did } = await stage.ok("org", "create");
			wallet.accounts = [addressOf(stage, 4)];
			await openWithWallet(stage, did as string);
			const form = await openChange(page, "Deactivate");
			await form.getByRole("button", { name: "Review" }).click();
			await page.getByText(`Only the owner may do this, ${addressOf(stage, 0)}.`).waitFor();
			await expectNothingSent(async () => {
				await page.getByRole("button", { name: /^Sign/ }).click();
				const result = await readResult(page);
				expect(result).toMatch(/^Nothing was sent/);
				expect(result).toContain("only the organization's owner may do this (CallerNotOwner");
				expect(result).toContain("registry/unauthorized");
			});
			expect(wallet.methods).not.toContain("eth_sendTransaction");
		});

		it("says that the registry would refuse a name that was used", async () => {
			const { page } = stage;
			const did = await stage.organization(`${crypto.randomUUID()}.pem`);
			await openWithWallet(stage, did);
			const form = await openChange(page, "Register a key");
			await form.getByLabel("Name").fill("no name");
			await form.getByText("A name has 1 to 64 characters").waitFor();
			await form.getByLabel("Name").fill("webserver");
			await form.getByLabel("I have a public key").check();
			await form
				.getByLabel("The public key")
				.fill(`0x02${"79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"}`);
			await form.getByRole("button", { name: "Review" }).click();
			await expectNothingSent(async () => {
				await page.getByRole("button", { name: /^Sign/ }).click();
				expect(await readResult(page)).toContain("names can't be reused (FragmentAlreadyUsed");
			});
		});

		it("says that there is no such organization, or that the DID isn't one", async () => {
			const { page } = stage;
			for (const [did, words] of [
				[`did:orgid:31337:0x${"0f".repeat(32)}`, "The registry has no organization"],
				[`did:orgid:1:0x${"0f".repeat(32)}`, "This organization is on the chain 1, but the node's chain is 31337."],
				["did:web:hotel.example", "did/syntax"],
			] as const) {
				await page.getByLabel("Its DID").fill(did);
				await page.getByRole("button", { name: "Open" }).click();
				await page.getByRole("alert").filter({ hasText: words }).waitFor();
			}
			expect(await page.getByRole("heading", { name: "Change it" }).count()).toBe(0);
		});
	});

	describe("while it is signed and sent", () => {
		it.each([
			["a user who refuses", { code: 4001, message: "User denied" }, /^You refused in the wallet: nothing was sent/],
			[
				"a wallet that is locked",
				{ code: 4100, message: "locked" },
				/^Nothing was sent.*doesn't let this page use the account/,
			],
			[
				"an account without ether",
				{ code: -32000, message: "insufficient funds for gas" },
				/^Nothing was sent.*can't pay/,
			],
		])("reports %s; the same change can be signed again", async (_, error, expected) => {
			const { page, wallet } = stage;
			await openWithWallet(stage);
			await page.getByRole("button", { name: "Create a new one" }).click();
			refuse("eth_sendTransaction", error);
			await expectNothingSent(async () => {
				await page.getByRole("button", { name: /^Sign/ }).click();
				expect(await readResult(page)).toMatch(expected);
			});
			wallet.answers.clear();
			await page.getByRole("button", { name: "Review again" }).click();
			await sign(page);
		});

		it("reports that the account can't pay, in the words of the chain", async () => {
			const { page, wallet } = stage;
			const poor = addressOf(stage, 9);
			await ask("hardhat_setBalance", [poor, "0x0"]);
			wallet.accounts = [poor];
			await openWithWallet(stage);
			await page.getByRole("button", { name: "Create a new one" }).click();
			await expectNothingSent(async () => {
				await page.getByRole("button", { name: /^Sign/ }).click();
				expect(await readResult(page)).toMatch(/^Nothing was sent.*can't pay/);
			});
		});

		it("lets nothing else be done while the wallet waits for its user", async () => {
			const { page, wallet } = stage;
			await openWithWallet(stage);
			await page.getByRole("button", { name: "Create a new one" }).click();
			const decision = Promise.withResolvers<never>();
			wallet.answers.set("eth_sendTransaction", decision.promise);
			await page.getByRole("button", { name: /^Sign/ }).click();
			await page.getByText("Waiting for Test Wallet: confirm it there…").waitFor();
			expect(await page.locator(".given").getAttribute("inert")).not.toBeNull();
			expect(await page.getByRole("button", { name: "Close" }).count()).toBe(0);
			wallet.answers.clear();
			decision.resolve(undefined as never);
			expect(await readResult(page)).toMatch(/^Done/);
		});

		/** Deactivates a new organization with a transaction that is replaced by another one; returns what the page says. */
		async function deactivateReplaced(replace: (from: string, did: string) => Promise<unknown>): Promise<string> {
			const { page, wallet } = stage;
			await openWithWallet(stage);
			const did = await createInPage(page);
			const from = addressOf(stage, 0);
			const nonce = await ask("eth_getTransactionCount", [from, "latest"]);
			// The wallet sent it, but then its user replaced it.
			const hash = `0x${"ab".repeat(32)}`;
			wallet.answers.set("eth_sendTransaction", { result: hash });
			wallet.answers.set("eth_getTransactionByHash", { result: { hash, nonce } });
			const form = await openChange(page, "Deactivate");
			await form.getByRole("button", { name: "Review" }).click();
			await page.getByRole("button", { name: /^Sign/ }).click();
			await page.getByText("Sent. Waiting until it is in a block…").waitFor();
			await replace(from, did);
			const result = await readResult(page);
			expect(await page.locator(".transaction").textContent()).toContain(hash);
			return result;
		}

		it("reports a transaction that was sent, but was replaced by another one", async () => {
			const result = await deactivateReplaced((from) => ask("eth_sendTransaction", [{ from, to: from }]));
			expect(result).toMatch(/^It was sent, but it isn't confirmed.*took the place/);
		});

		it("accepts one that was replaced by another one with the same result, by what the registry says", async () => {
			const result = await deactivateReplaced((_, did) => stage.ok("org", "deactivate", did));
			expect(result).toBe("DoneThe registry says that the organization is deactivated.");
		});

		it("reports a node that is gone", async () => {
			const { page } = stage;
			await openWithWallet(stage);
			await createInPage(page);
			const form = await openChange(page, "Deactivate");
			await form.getByRole("button", { name: "Review" }).click();
			await page.route(`${stage.chain.rpcUrl}/**`, (route) => route.abort());
			refuse("eth_estimateGas", { code: 4900, message: "disconnected" });
			await page.getByRole("button", { name: /^Sign/ }).click();
			expect(await readResult(page)).toMatch(/^Nothing was sent.*registry\/unreachable/);
		});
	});
});
