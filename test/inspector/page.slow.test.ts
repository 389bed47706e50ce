/** The inspector's page in a browser, with a chain beside it. */
import { gzipSync } from "node:zlib";
import axe from "axe-core";
import type { Browser, Page, Request, Response } from "playwright-core";
import { beforeEach, describe, expect, it } from "vitest";
import { toSegment } from "../support/forge-token.ts";
import { pasteToken, readVerdict, useInspectorStage } from "../support/inspector-page.ts";
import { nowSeconds } from "../support/system-clock.ts";
import { describeWithTool } from "../support/tools.ts";

const AUDIENCE = `did:orgid:31337:0x${"0f".repeat(32)}`;
const MAX_FIRST_LOAD_BYTES = 200_000;
const HOSTILE = `<img src=x onerror="document.title='hacked'"></script><script>document.title='hacked'</script>\u202E`;

/** What the samples show. */
const SAMPLES: Readonly<Record<string, string | null>> = {
	"Good: ioctl": null,
	"Good: GitHub App": null,
	Expired: "claims",
	"Wrong audience": "claims",
	"Bad signature": "signature",
	"Unknown organization": "record",
	"Untrusted issuer": "key",
	Unsigned: "header",
	"Duplicate claim": "syntax",
};

/** The steps that the page shows, each with its outcome. */
function readSteps(page: Page): Promise<readonly string[]> {
	return page
		.locator("[data-step]:is(li)")
		.evaluateAll((items) => items.map((item) => `${item.getAttribute("data-step")} ${item.className}`));
}

describeWithTool("the inspector's page", "chromium", ["--version"], () => {
	const stage = useInspectorStage();
	let did: string;
	let token: string;
	beforeEach(async () => {
		did = await stage.organization(`${crypto.randomUUID()}.pem`);
		token = await mint();
		await stage.page.goto("about:blank");
		await stage.page.goto(stage.url);
	});

	/** Mints with the key that was made last. */
	async function mint(): Promise<string> {
		const key = `${crypto.randomUUID()}.pem`;
		await stage.ok("keys", "generate", "--out", key);
		await stage.ok("org", "add-key", `${did}#api`, "--public-key", key);
		const options = ["--key", key, "--issuer", `${did}#api`, "--audience", AUDIENCE, "--scope", "read"];
		return ((await stage.ok("token", "mint", ...options)) as { token: string }).token;
	}

	it("a good token turns green step by step", async () => {
		const { page } = stage;
		const node = Promise.withResolvers<void>();
		await page.route(`${stage.chain.rpcUrl}/**`, async (route) => {
			await node.promise;
			await route.continue();
		});
		await pasteToken(page, token);
		await page.locator("[data-step=claims].passed").waitFor();
		expect(await page.getByRole("status").textContent()).toBe("Judging…");
		expect(await readSteps(page)).toEqual(
			["syntax", "kind", "header", "issuer", "claims"].map((step) => `${step} passed`),
		);
		node.resolve();
		expect(await readVerdict(page)).toEqual({ outcome: "accepted", step: null });
		expect((await readSteps(page)).slice(5)).toEqual(
			["chain", "record", "organization", "key", "signature", "validity"].map((step) => `${step} passed`),
		);
		await page.unroute(`${stage.chain.rpcUrl}/**`);
	});

	it("shows the organization and its events, and says that the audience is the token's", async () => {
		const { page } = stage;
		await pasteToken(page, token);
		const card = page.getByRole("region", { name: "The organization" });
		await card.getByText("Key added").first().waitFor();
		const text = await card.textContent();
		for (const expected of [did, stage.chain.registry, "#webserver", "#api", "Organization created"]) {
			expect(text).toContain(expected);
		}
		expect(await page.getByLabel("Audience").inputValue()).toBe(AUDIENCE);
		expect(await page.getByText("Taken from the token").count()).toBe(1);
		await page.getByLabel("Audience").fill(did);
		expect(await readVerdict(page)).toEqual({ outcome: "denied", step: "claims" });
		expect(await page.getByText("Taken from the token").count()).toBe(0);
	});

	it("turns red by the third poll of the node after the key was revoked, without a reload", async () => {
		const { page } = stage;
		await pasteToken(page, token);
		expect(await readVerdict(page)).toEqual({ outcome: "accepted", step: null });
		await page.evaluate(() => Object.assign(globalThis, { isSamePage: true }));
		await stage.ok("org", "revoke-key", `${did}#api`);
		let polls = 0;
		const countPoll = (request: Request): void => {
			if (request.postData()?.includes("eth_getLogs") === true) polls += 1;
		};
		page.on("request", countPoll);
		await page.locator(".verdict.denied").waitFor();
		page.off("request", countPoll);
		// On a local chain, the page polls once a second.
		expect(polls).toBeLessThanOrEqual(3);
		expect(await readVerdict(page)).toEqual({ outcome: "denied", step: "key" });
		expect(await page.getByRole("status").textContent()).toContain("did/key-revoked");
		expect(await page.locator(".keys .revoked").textContent()).toContain("#api");
		const timeline = page.getByRole("img", { name: "Timeline of the keys and the token" });
		expect(await timeline.getAttribute("aria-label")).toContain("webserver valid, api revoked.");
		expect(await timeline.locator(".revoked text").textContent()).toBe("#api revoked, the token's key");
		expect(await page.evaluate(() => "isSamePage" in globalThis)).toBe(true);
	});

	it("turns red when the token expires, also while the machine sleeps", async () => {
		const context = await (stage.page.context().browser() as Browser).newContext();
		const page = await context.newPage();
		await page.goto(stage.url);
		await pasteToken(page, token);
		expect(await readVerdict(page)).toEqual({ outcome: "accepted", step: null });
		await page.clock.setFixedTime((nowSeconds() + 2 * 3_600) * 1_000);
		await page.locator(".verdict.denied").waitFor();
		expect(await readVerdict(page)).toEqual({ outcome: "denied", step: "claims" });
		await context.close();
	});

	it("says that the verdict may be out of date while the node doesn't answer", async () => {
		const { page } = stage;
		await pasteToken(page, token);
		expect(await readVerdict(page)).toEqual({ outcome: "accepted", step: null });
		await page.route(`${stage.chain.rpcUrl}/**`, (route) => route.abort());
		await page.getByRole("status").filter({ hasText: "the registry may have changed" }).waitFor();
		await stage.ok("org", "revoke-key", `${did}#api`);
		expect(await readVerdict(page)).toEqual({ outcome: "accepted", step: null });
		await page.unroute(`${stage.chain.rpcUrl}/**`);
		await page.locator(".verdict.denied").waitFor();
		expect(await page.getByRole("status").textContent()).not.toContain("may have changed");
	});

	it.each(Object.entries(SAMPLES))("the sample %s", async (name, step) => {
		const { page } = stage;
		await page.getByText("Samples").click();
		await page.getByRole("button", { name, exact: true }).click();
		await page.locator(".verdict:not(.empty)").waitFor();
		expect(await readVerdict(page)).toEqual({ outcome: step === null ? "accepted" : "denied", step });
	});

	it("judges the token of a link's fragment, and removes it from the address", async () => {
		const { page } = stage;
		await page.goto("about:blank");
		await page.goto(`${stage.url}#token=${token}`);
		expect(await readVerdict(page)).toEqual({ outcome: "accepted", step: null });
		expect(page.url()).toBe(stage.url);
		await page.getByRole("button", { name: "Copy link" }).click();
		await page.getByRole("button", { name: "Copied" }).waitFor();
		expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${stage.url}#token=${token}`);
		await page.evaluate(() => {
			location.hash = "#token=another";
		});
		await page.locator(".verdict.denied").waitFor();
		expect(await readVerdict(page)).toEqual({ outcome: "denied", step: "syntax" });
		expect(page.url()).toBe(stage.url);
	});

	it("shows hostile text as text", async () => {
		const { page } = stage;
		const claims = { iss: `${did}#${HOSTILE}`, aud: HOSTILE, scope: HOSTILE, [HOSTILE]: HOSTILE };
		const header = toSegment({ alg: "ES256K", typ: "JWT", kid: HOSTILE });
		await pasteToken(page, `${header}.${toSegment(claims)}.${"A".repeat(86)}`);
		expect(await readVerdict(page)).toMatchObject({ outcome: "denied" });
		expect(await page.title()).toBe("orgpass inspector");
		expect(await page.locator("main img, main script, main a").count()).toBe(0);
		const parts = await page.locator(".part.claims").textContent();
		expect(parts).toContain("<img src=x onerror=");
		expect(parts).toContain("\\u{202e}");
		expect(parts).not.toContain("\u202E");
	});

	it("asks only its own server and the node, and sends the token to neither", async () => {
		const { page } = stage;
		await pasteToken(page, token);
		await readVerdict(page);
		const allowed = [stage.url, stage.chain.rpcUrl].map((url) => new URL(url).origin);
		const [, claims = "", signature = ""] = token.split(".");
		const asked = stage.requests.filter((request) => /^(?:http|ws)/.test(request.url()));
		expect(new Set(asked.map((request) => new URL(request.url()).origin))).toEqual(new Set(allowed));
		for (const request of asked) {
			const sent = `${request.url()} ${JSON.stringify(request.headers())} ${request.postData() ?? ""}`;
			expect(sent).not.toContain(claims);
			expect(sent).not.toContain(signature);
		}
		expect(await page.context().cookies()).toEqual([]);
	});

	it("the policy stops a request to any other host", async () => {
		const { page } = stage;
		await page.getByRole("textbox", { name: "Token" }).waitFor();
		const stopped = await page.evaluate(() => fetch("https://elsewhere.example/").then(String, String));
		expect(stopped).toContain("TypeError");
		await page.getByText("This page may not ask https://elsewhere.example").waitFor();
	});

	it("a first load and a verification take less than 200 kB", async () => {
		const { page } = stage;
		await page.goto("about:blank");
		const bodies: Promise<Buffer>[] = [];
		const count = (response: Response): void => {
			if (response.url().startsWith(stage.url)) bodies.push(response.body());
		};
		page.on("response", count);
		await page.goto(stage.url);
		await pasteToken(page, token);
		await readVerdict(page);
		page.off("response", count);
		const sizes = (await Promise.all(bodies)).map((body) => gzipSync(body).length);
		expect(sizes.length).toBeGreaterThan(3);
		expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(MAX_FIRST_LOAD_BYTES);
	});

	describe.each([
		["light", 1280],
		["dark", 1280],
		["light", 360],
		["dark", 360],
	] as const)("%s and %i pixels wide", (colorScheme, width) => {
		it.each(["good", "bad"])("axe finds nothing serious with a %s token", async (quality) => {
			const { page } = stage;
			await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
			await page.setViewportSize({ width, height: 900 });
			await pasteToken(page, quality === "good" ? token : `${token.slice(0, -8)}AAAAAAAA`);
			expect((await readVerdict(page)).outcome).toBe(quality === "good" ? "accepted" : "denied");
			await page.getByText("Key added").first().waitFor();
			await page.evaluate(() => {
				for (const details of document.querySelectorAll("details")) details.open = true;
			});
			await page.evaluate(axe.source);
			const violations = await page.evaluate(async () => {
				const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run();
				return violations.map(({ id, impact, nodes }) => ({ id, impact, html: nodes.map(({ html }) => html) }));
			});
			expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
			expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
		});
	});
});
