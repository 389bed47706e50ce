/** Test tokens that the page makes with the accounts of the local chain. */
import type { Locator } from "playwright-core";
import { beforeEach, expect, it } from "vitest";
import { readVerdict, useInspectorStage } from "../support/inspector-page.ts";
import { describeWithTool } from "../support/tools.ts";

const NEW = "a new one";
/** Isn't one of the chain's accounts. */
const STRANGER = `0x${"5e".repeat(20)}`;

describeWithTool("the inspector's test tokens", "chromium", ["--version"], () => {
	const stage = useInspectorStage();
	let form: Locator;
	beforeEach(open);

	/** Organizations are listed when the form is opened. */
	async function open(): Promise<void> {
		await stage.page.goto("about:blank");
		await stage.page.goto(stage.url);
		form = stage.page.locator(".test-token");
		await form.getByText("Make a test token").click();
	}

	async function make(organization: string = NEW): Promise<string> {
		await form.getByLabel("Organization").selectOption(organization);
		await form.getByRole("button", { name: "Make the token" }).click();
		await form.getByText("is registered").waitFor();
		return stage.page.getByRole("textbox", { name: "Token" }).inputValue();
	}

	it("turn green, and red once the key is revoked", async () => {
		const { page } = stage;
		const token = await make();
		expect(await readVerdict(page)).toEqual({ outcome: "accepted", step: null });
		const { iss, aud } = JSON.parse(Buffer.from(token.split(".")[1] as string, "base64url").toString());
		expect(await page.getByText("Taken from the token").count()).toBe(0);
		expect(await page.getByLabel("Audience").inputValue()).toBe(aud);
		expect((await stage.ok("token", "verify", token, "--audience", aud))["issuer"]).toBe(iss.split("#")[0]);
		await form.getByRole("button", { name: "Revoke its key" }).click();
		await form.getByText(`The key ${iss} is revoked.`).waitFor();
		await page.locator(".verdict.denied").waitFor();
		expect(await readVerdict(page)).toEqual({ outcome: "denied", step: "key" });
	});

	it("are of an organization that exists, for another one", async () => {
		const did = await stage.organization("owned.pem");
		await open();
		const token = await make(did);
		expect(await readVerdict(stage.page)).toEqual({ outcome: "accepted", step: null });
		const { iss, aud } = JSON.parse(Buffer.from(token.split(".")[1] as string, "base64url").toString());
		expect(iss).toMatch(new RegExp(`^${did}#test-[0-9a-f]{8}$`));
		expect(aud).not.toBe(did);
		await stage.page.getByLabel("Audience").fill("hotel.example");
		const next = await make(did);
		expect(await readVerdict(stage.page)).toEqual({ outcome: "accepted", step: null });
		expect(JSON.parse(Buffer.from(next.split(".")[1] as string, "base64url").toString()).aud).toBe("hotel.example");
	});

	it("store no key and send none", async () => {
		const { page } = stage;
		await make();
		expect(await page.evaluate(() => ({ ...localStorage, ...sessionStorage }))).toEqual({});
		expect(await page.evaluate(() => indexedDB.databases())).toEqual([]);
		const sent = stage.requests.flatMap((request) => (JSON.parse(request.postData() ?? "[]") as object[]) ?? []);
		const methods = new Set(sent.flat().map((call) => (call as { method?: string }).method));
		expect(methods).toContain("eth_sendTransaction");
		expect(methods).not.toContain("eth_sendRawTransaction");
	});

	it("say in words why they can't be made", async () => {
		const { page } = stage;
		const did = await stage.organization("given-away.pem");
		await open();
		await form.getByLabel("Organization").selectOption(did);
		await stage.ok("org", "transfer", did, "--to", STRANGER);
		await form.getByRole("button", { name: "Make the token" }).click();
		await form.getByText("only the organization's owner or director may do this").waitFor();
		for (const _ of ["close", "open"]) await form.getByText("Make a test token").click();
		await form.locator("option", { hasText: did }).waitFor({ state: "detached" });
		await form.getByRole("button", { name: "Make the token" }).click();
		await form.getByText(`${did} doesn't belong to the node's accounts any more`).waitFor();
		await page.route(`${stage.chain.rpcUrl}/**`, (route) => route.abort());
		await form.getByLabel("Organization").selectOption(NEW);
		await form.getByRole("button", { name: "Make the token" }).click();
		await form.getByText("The node doesn't answer").waitFor();
		await page.unroute(`${stage.chain.rpcUrl}/**`);
	});
});
