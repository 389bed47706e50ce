/** The console before Winding Tree's registries, which lack some of the changes. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { addressOf, createInPage, openChange, openWithWallet, sign, useConsoleStage } from "../support/console-page.ts";
import { describeWithTool } from "../support/tools.ts";

/** The titles of what can be changed. */
function listChanges(page: Page): Promise<readonly string[]> {
	return page.locator(".changes summary").allTextContents();
}

describeWithTool("the console before ORGiD 3.x", "chromium", ["--version"], () => {
	const stage = useConsoleStage("orgid-v3");

	it("creates an organization with the address of its document, changes that, and transfers it", async () => {
		const { page } = stage;
		await openWithWallet(stage);
		await page.getByLabel("Where the document of a new one will be").fill("https://hotel.example/a.json");
		const did = await createInPage(page);
		expect(await listChanges(page)).toEqual(["Document", "Transfer"]);
		const form = await openChange(page, "Document");
		await form.getByLabel("Its address").fill("https://hotel.example/b.json");
		await form.getByRole("button", { name: "Review" }).click();
		await sign(page);
		expect(await stage.ok("org", "show", did)).toMatchObject({ document: { uris: ["https://hotel.example/b.json"] } });
		const transfer = await openChange(page, "Transfer");
		await transfer.getByLabel("The new owner's address").fill(addressOf(stage, 2));
		await transfer.getByRole("button", { name: "Review" }).click();
		await sign(page);
		expect(await stage.ok("org", "show", did)).toMatchObject({ owner: addressOf(stage, 2) });
	});
});

describeWithTool("the console before ORGiD 1.x", "chromium", ["--version"], () => {
	const stage = useConsoleStage("orgid-v1");

	it("has no keys on chain, but a director and an active state", async () => {
		const { page, wallet } = stage;
		await openWithWallet(stage);
		const did = await createInPage(page);
		expect(await page.locator(".next").textContent()).toBe("Now publish its document, which lists its keys.");
		expect(await listChanges(page)).toEqual(["Document", "Director", "Deactivate", "Transfer"]);
		const deactivation = await openChange(page, "Deactivate");
		await deactivation.getByRole("button", { name: "Review" }).click();
		await sign(page);
		expect(await stage.ok("org", "show", did)).toMatchObject({ active: false });
		const form = await openChange(page, "Director");
		await form.getByLabel("The director's address").fill(addressOf(stage, 1));
		await form.getByRole("button", { name: "Review" }).click();
		await sign(page);
		wallet.accounts = [addressOf(stage, 1)];
		await wallet.emit("accountsChanged", wallet.accounts);
		const accepting = await openChange(page, "Director");
		await accepting.getByRole("button", { name: "Accept" }).click();
		await sign(page);
		expect(await stage.ok("org", "show", did)).toMatchObject({ director: addressOf(stage, 1) });
	});
});
