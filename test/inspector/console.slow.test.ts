/** The console's page in a browser, with a wallet in it and a chain beside it. */
import { describe, expect, it } from "vitest";
import {
	addressOf,
	createInPage,
	makeKey,
	openChange,
	openOrganization,
	openWithWallet,
	readResult,
	runShown,
	saveDownload,
	sign,
	useConsoleStage,
} from "../support/console-page.ts";
import { describeWithTool } from "../support/tools.ts";

const ZERO_HASH = `0x${"00".repeat(32)}`;

describeWithTool("the console", "chromium", ["--version"], () => {
	const stage = useConsoleStage();

	/** Whether a verifier accepts a token for the organization that issued it. */
	async function verify(token: string, did: string): Promise<string> {
		const { json } = await stage.run(["token", "verify", token, "--audience", did, "--json"]);
		return (json["code"] as string | undefined) ?? "accepted";
	}

	it("from nothing to a registered key, and to a token that a verifier accepts", async () => {
		const { page } = stage;
		await openWithWallet(stage);
		const did = await createInPage(page);
		expect(await stage.ok("org", "show", did)).toMatchObject({ owner: addressOf(stage, 0), keys: [] });
		const keyFile = await makeKey(stage, "Register a key", "webserver");
		expect(keyFile).toBe("webserver.pem");
		const panel = page.getByRole("region", { name: "Register the key #webserver" });
		const text = await panel.textContent();
		for (const expected of [did, addressOf(stage, 0), "31337", stage.chain.registry, "until it is revoked"]) {
			expect(text).toContain(expected);
		}
		expect(await stage.ok("org", "show", did)).toMatchObject({ keys: [] });
		await sign(page);
		const { keys } = await stage.ok("org", "show", did);
		expect(keys).toMatchObject([{ fragment: "webserver" }]);
		const { token } = await runShown(stage, /token mint/);
		expect(await verify(token as string, did)).toBe("accepted");
		await page.getByRole("link", { name: "the inspector" }).click();
		await page.getByRole("textbox", { name: "Token" }).fill(token as string);
		await page.locator(".verdict.accepted").waitFor();
	});

	it("replaces a key, and revokes the old one: its tokens are refused, those of the new one aren't", async () => {
		const { page } = stage;
		await openWithWallet(stage);
		const did = await createInPage(page);
		await makeKey(stage, "Register a key", "first");
		await sign(page);
		const { token: old } = await runShown(stage, /token mint/);
		const newFile = await makeKey(stage, "Replace a key", "second");
		await page.getByText("#first stays valid until you revoke it").waitFor();
		await sign(page);
		const { token } = await runShown(stage, /token mint/);
		expect(newFile).toBe("second.pem");
		expect([await verify(old as string, did), await verify(token as string, did)]).toEqual(["accepted", "accepted"]);
		await page.getByRole("button", { name: "Revoke #first now" }).click();
		await page.getByRole("heading", { name: "Revoke the key #first" }).waitFor();
		await sign(page);
		expect([await verify(old as string, did), await verify(token as string, did)]).toEqual([
			"did/key-revoked",
			"accepted",
		]);
	});

	it("writes the private half as a keystore with a password, and registers a public key that is pasted", async () => {
		const { page } = stage;
		await openWithWallet(stage);
		const did = await createInPage(page);
		const form = await openChange(page, "Register a key");
		await form.getByLabel("Name").fill("safe");
		await form.getByLabel("File of the private half").selectOption("keystore");
		const make = form.getByRole("button", { name: "Make and download" });
		await form.getByLabel("Password", { exact: true }).fill("correct horse");
		await form.getByText("The passwords differ.").waitFor();
		expect(await make.getAttribute("aria-disabled")).toBe("true");
		await form.getByLabel("The password again").fill("correct horse");
		expect(await saveDownload(stage, form)).toBe("safe.json");
		await form.getByRole("button", { name: "Review" }).click();
		await sign(page);
		stage.write("password.txt", "correct horse");
		const issuer = ["--issuer", `${did}#safe`, "--audience", did];
		const { token } = await stage.ok("token", "mint", "--key", "safe.json", "--password", "password.txt", ...issuer);
		expect(await verify(token as string, did)).toBe("accepted");

		await stage.ok("keys", "generate", "--out", "mine.pem");
		const { publicKeyHex } = await stage.ok("keys", "inspect", "mine.pem");
		const pasted = await openChange(page, "Register a key");
		await pasted.getByLabel("Name").fill("pasted");
		await pasted.getByLabel("I have a public key").check();
		const field = pasted.getByLabel("The public key: PEM, JWK or hexadecimal");
		await field.fill(stage.read("mine.pem"));
		await pasted.getByText("key/public-expected").waitFor();
		await pasted.getByLabel("Name").press("Enter");
		expect(await page.getByRole("button", { name: /^Sign/ }).count()).toBe(0);
		await field.fill(publicKeyHex as string);
		await pasted.getByRole("button", { name: "Review" }).click();
		await sign(page);
		expect((await stage.ok("org", "show", did))["keys"]).toHaveLength(2);
	});

	it("sets a document whose hash it computes, unless verifiers would refuse it, and removes it", async () => {
		const { page } = stage;
		await openWithWallet(stage);
		const did = await createInPage(page);
		const orgJson = { "@context": ["https://windingtree.com/ns/did/v1"], id: did, publicKey: [] };
		const form = await openChange(page, "Document");
		await form.getByLabel("Its address").fill("https://hotel.example/org.json");
		const paste = form.getByLabel("or drop it here, or paste its text");
		await paste.fill(JSON.stringify({ ...orgJson, id: `did:orgid:31337:${ZERO_HASH}` }));
		await form.getByRole("button", { name: "Review" }).click();
		await form.getByText("Verifiers would refuse this document").waitFor();
		expect(await page.getByRole("button", { name: /^Sign/ }).count()).toBe(0);
		stage.write("own.json", `${JSON.stringify(orgJson, undefined, 2)}\r\n`);
		await form.getByLabel("The document's file").setInputFiles(stage.path("own.json"));
		await form.getByRole("button", { name: "Review" }).click();
		await sign(page);
		const { hash } = await stage.ok("document", "hash", "own.json");
		expect(await stage.ok("org", "show", did)).toMatchObject({
			document: { uris: ["https://hotel.example/org.json"], hash },
		});
		const again = await openChange(page, "Document");
		await again.getByRole("button", { name: "Remove the document" }).click();
		await sign(page);
		expect(await stage.ok("org", "show", did)).not.toHaveProperty("document");
	});

	it("proposes a director, who accepts with an account of their own, acts, and is removed", async () => {
		const { page, wallet } = stage;
		const director = addressOf(stage, 1);
		await openWithWallet(stage);
		const did = await createInPage(page);
		const form = await openChange(page, "Director");
		await form.getByLabel("The director's address").fill("0x12");
		await form.getByText("This isn't an address").waitFor();
		await form.getByLabel("The director's address").fill(director);
		await form.getByRole("button", { name: "Review" }).click();
		await sign(page);
		expect(await stage.ok("org", "show", did)).not.toHaveProperty("director");

		wallet.accounts = [director];
		await wallet.emit("accountsChanged", wallet.accounts);
		const accepting = await openChange(page, "Director");
		await accepting.getByText(`${director} is proposed`).waitFor();
		await accepting.getByRole("button", { name: "Accept" }).click();
		await sign(page);
		expect(await stage.ok("org", "show", did)).toMatchObject({ director });
		await makeKey(stage, "Register a key", "of-the-director");
		await sign(page);

		const denied = await openChange(page, "Director");
		await denied.getByRole("button", { name: "Remove the director" }).click();
		await page.getByText(`Only the owner may do this, ${addressOf(stage, 0)}`).waitFor();
		wallet.accounts = [addressOf(stage, 0)];
		await wallet.emit("accountsChanged", wallet.accounts);
		await sign(page);
		expect(await stage.ok("org", "show", did)).not.toHaveProperty("director");
	});

	it("deactivates and activates, and transfers to another owner", async () => {
		const { page } = stage;
		await openWithWallet(stage);
		const did = await createInPage(page);
		for (const [title, active] of [
			["Deactivate", false],
			["Activate", true],
		] as const) {
			const form = await openChange(page, title);
			await form.getByRole("button", { name: "Review" }).click();
			await sign(page);
			expect(await stage.ok("org", "show", did)).toMatchObject({ active });
		}
		const form = await openChange(page, "Transfer");
		await form.getByLabel("The new owner's address").fill(addressOf(stage, 2));
		await form.getByRole("button", { name: "Review" }).click();
		await sign(page);
		expect(await stage.ok("org", "show", did)).toMatchObject({ owner: addressOf(stage, 2) });
	});

	it("needs no wallet for the accounts of a local chain, and any of them signs", async () => {
		const { page } = stage;
		await page.getByRole("button", { name: "Accounts of the node" }).click();
		await page.getByLabel("Accounts of the node").selectOption(addressOf(stage, 3).toLowerCase());
		const did = await createInPage(page);
		expect(await stage.ok("org", "show", did)).toMatchObject({ owner: addressOf(stage, 3) });
	});

	describe("the commands beside", () => {
		it("do the same", async () => {
			const { page } = stage;
			await page.getByRole("button", { name: "Accounts of the node" }).click();
			await page.getByRole("button", { name: "Create a new one" }).click();
			const { did } = (await runShown(stage, /org create/)) as { did: string };
			await openOrganization(page, did);
			await makeKey(stage, "Register a key", "webserver");
			await runShown(stage, /org add-key/);
			await page.getByText("Key added").waitFor();
			const form = await openChange(page, "Revoke a key");
			await form.getByRole("button", { name: "Review" }).click();
			await runShown(stage, /org revoke-key/);
			await page.getByText("Key revoked").waitFor();
			const deactivation = await openChange(page, "Deactivate");
			await deactivation.getByRole("button", { name: "Review" }).click();
			await runShown(stage, /org deactivate/);
			expect(await stage.ok("org", "show", did)).toMatchObject({ active: false, keys: [] });
		});
	});

	it("registers a key that ends, and the end is no earlier than now", async () => {
		const { page } = stage;
		await page.getByRole("button", { name: "Accounts of the node" }).click();
		const did = await createInPage(page);
		const form = await openChange(page, "Register a key");
		const end = form.getByLabel("Valid until");
		await form.getByLabel("Name").fill("brief");
		await end.fill("2020-01-01T00:00");
		await form.getByText("That time has passed.").waitFor();
		await end.fill("2099-12-31T23:59");
		await saveDownload(stage, form);
		await form.getByRole("button", { name: "Review" }).click();
		await page.getByText("count as the organization's, until 2099-12-31 23:59:00").waitFor();
		await runShown(stage, /org add-key/);
		const validUntil = await page.evaluate(() => new Date("2099-12-31T23:59").getTime() / 1_000);
		expect((await stage.ok("org", "show", did))["keys"]).toMatchObject([{ fragment: "brief", validUntil }]);
	});

	it("T101: says that the registry shows something else, whatever the transaction's receipt says", async () => {
		const { page } = stage;
		await openWithWallet(stage);
		await createInPage(page);
		const form = await openChange(page, "Deactivate");
		await form.getByRole("button", { name: "Review" }).click();
		// The wallet sends another transaction than the one that it was asked for.
		const other = await stage.ok("org", "create");
		stage.wallet.answers.set("eth_sendTransaction", { result: other["transactionHash"] });
		await page.getByRole("button", { name: /^Sign/ }).click();
		expect(await readResult(page)).toMatch(/the registry doesn't show the change.*organization is active/);
	});
});
