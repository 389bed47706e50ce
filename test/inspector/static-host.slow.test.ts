/** The inspector's page below a folder of a static file server, which sends no policy and has no settings. */
import { fileURLToPath } from "node:url";
import { type PreviewServer, preview } from "vite";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { pasteToken, readVerdict, useInspectorStage } from "../support/inspector-page.ts";
import { describeWithTool } from "../support/tools.ts";

const FOLDER = fileURLToPath(new URL("../../dist/inspector", import.meta.url));
const AUDIENCE = `did:orgid:31337:0x${"0f".repeat(32)}`;

describeWithTool("the inspector on a static host", "chromium", ["--version"], () => {
	const stage = useInspectorStage();
	let server: PreviewServer;
	let url: string;
	let token: string;
	beforeAll(async () => {
		server = await preview({
			...{ configFile: false, base: "/tools/inspector/", appType: "mpa", logLevel: "silent" },
			build: { outDir: FOLDER },
			preview: { host: "127.0.0.1", port: 0 },
		});
		url = server.resolvedUrls?.local[0] as string;
		const did = await stage.organization("k.pem");
		const options = ["--key", "k.pem", "--issuer", `${did}#webserver`, "--audience", AUDIENCE];
		({ token } = (await stage.ok("token", "mint", ...options)) as { token: string });
	});
	afterAll(() => server.close());
	beforeEach(async () => {
		await stage.page.goto("about:blank");
		await stage.page.goto(url);
	});

	async function choose(rpcUrl: string, hosts = ""): Promise<void> {
		const { page } = stage;
		await page.getByText("No node").click();
		await page.getByLabel("Node (JSON-RPC)").fill(rpcUrl);
		await page.getByLabel("Registry").fill(stage.chain.registry);
		await page.getByLabel("Chain id").fill(String(stage.chain.chainId));
		await page.getByLabel("Hosts of documents").fill(hosts);
		await page.getByRole("button", { name: "Ask this node" }).click();
	}

	/** Whether the browser lets the page ask. */
	function isAllowed(target: string): Promise<boolean> {
		return stage.page.evaluate(async (target) => {
			const stopped: string[] = [];
			const note = ({ blockedURI }: SecurityPolicyViolationEvent) => stopped.push(blockedURI);
			document.addEventListener("securitypolicyviolation", note);
			await fetch(target, { mode: "no-cors" }).catch(() => {});
			await new Promise((resolve) => setTimeout(resolve, 50));
			document.removeEventListener("securitypolicyviolation", note);
			return stopped.length === 0;
		}, target);
	}

	it("is loaded from its folder only, and asks nobody", async () => {
		const { page } = stage;
		await page.goto("about:blank");
		const start = stage.requests.length;
		await page.goto(`${url}#token=${token}`);
		expect(await readVerdict(page)).toEqual({ outcome: "failed", step: "record" });
		expect(await page.getByRole("status").textContent()).toContain("enter one at the top of the page (did/resolution)");
		const asked = stage.requests.slice(start).map((request) => request.url());
		expect(asked.length).toBeGreaterThan(3);
		expect(asked.filter((address) => !address.startsWith(url) && !address.startsWith("data:"))).toEqual([]);
	});

	it("asks the node that is entered, judges its tokens and makes test tokens", async () => {
		const { page } = stage;
		await choose(stage.chain.rpcUrl);
		await pasteToken(page, token);
		expect(await readVerdict(page)).toEqual({ outcome: "accepted", step: null });
		await page.getByText("Make a test token").click();
		await page.getByRole("button", { name: "Make the token" }).click();
		await page.getByText("is registered").waitFor();
		expect(await readVerdict(page)).toEqual({ outcome: "accepted", step: null });
	});

	it("may ask only the node and the hosts that are entered, until it is reloaded", async () => {
		const { page } = stage;
		const [hotel, elsewhere] = ["http://127.0.0.1:1", "http://127.0.0.1:2/"];
		await choose(stage.chain.rpcUrl, `${hotel}/org.json`);
		await page.getByText("To choose another node, reload the page").waitFor();
		expect(await page.getByLabel("Node (JSON-RPC)").count()).toBe(0);
		expect(await isAllowed(stage.chain.rpcUrl)).toBe(true);
		expect(await isAllowed(`${hotel}/`)).toBe(true);
		expect(await isAllowed(elsewhere)).toBe(false);
		await page.reload();
		await choose(elsewhere);
		expect(await isAllowed(elsewhere)).toBe(true);
		expect(await isAllowed(stage.chain.rpcUrl)).toBe(false);
	});

	it.each(["https://a;script-src", "https://*", "ftp://node.example", "'none'"])("can't ask %j", async (host) => {
		const { page } = stage;
		const start = stage.requests.length;
		await choose(stage.chain.rpcUrl, host);
		await page.getByRole("alert").getByText("isn't the URL of a host").waitFor();
		await page.getByText("No node").waitFor();
		const asked = stage.requests.slice(start).map((request) => request.url());
		expect(asked.filter((url) => url.startsWith(stage.chain.rpcUrl))).toEqual([]);
	});

	it("runs no script, style or frame of others", async () => {
		const { page } = stage;
		const stopped = page.evaluate(() => {
			const directives = new Promise<readonly string[]>((resolve) => {
				const found: string[] = [];
				document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
					found.push(effectiveDirective);
					if (found.length === 3) resolve(found.toSorted());
				});
			});
			const add = (name: string, attributes: object) =>
				document.body.append(Object.assign(document.createElement(name), attributes));
			add("style", { textContent: "body { color: red }" });
			add("iframe", { src: "http://127.0.0.1:1/" });
			add("img", { src: "http://127.0.0.1:1/a.png" });
			return directives;
		});
		expect(await stopped).toEqual(["frame-src", "img-src", "style-src-elem"]);
		const setScript = () => Object.assign(document.createElement("script"), { text: "0" }).text;
		await expect(page.evaluate(setScript)).rejects.toThrow("TrustedScript");
	});
});
