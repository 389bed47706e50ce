/** What `orgpass inspector` serves; needs `npm run build`. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { startCliChain } from "../support/cli-chain.ts";
import { type CliWorld, createCliWorld } from "../support/cli-world.ts";
import { startInspector, startPage } from "../support/inspector-page.ts";

let world: CliWorld;
beforeAll(() => {
	world = createCliWorld();
});
afterAll(() => world.remove());

it("hands the settings to the page, allows the node and the given origins, and ends on Ctrl-C", async () => {
	const chain = await startCliChain(world);
	const { url, stop } = await startInspector(world, ["--connect", "https://hotel.example/org.json"]);
	const response = await fetch(url);
	expect(await response.text()).toContain("<title>orgpass inspector</title>");
	expect(response.headers.get("content-security-policy")).toContain(
		`connect-src 'self' ${chain.rpcUrl} https://hotel.example;`,
	);
	const { rpcUrl, chainId, registry } = chain;
	expect(await (await fetch(`${url}settings.json`)).json()).toEqual({
		network: { rpcUrl, chainId, registry, isLocal: true },
	});
	for (const path of ["/", "/settings.json"]) expect((await fetch(new URL(path, url))).status).toBe(404);
	expect(await stop()).toMatchObject({ exitCode: 0, stderr: "" });
	await expect(fetch(url)).rejects.toThrow();
	await chain.stop();
});

it("without a node, serves a page for the tokens that need none, and says so", async () => {
	const { url, stop } = await startInspector(world);
	expect((await fetch(url)).headers.get("content-security-policy")).toContain("connect-src 'self';");
	expect(await (await fetch(`${url}settings.json`)).json()).toEqual({});
	const { exitCode, stderr } = await stop();
	expect(exitCode).toBe(0);
	expect(stderr).toMatch(/^organizations' tokens can't be verified: expected a registry/);
});

it("without a node, orgpass console serves a page that has to be told one", async () => {
	const { url, stop } = await startPage(world, "console");
	expect(url).toMatch(/\/console\.html$/);
	expect(await (await fetch(url)).text()).toContain("<title>orgpass console</title>");
	const { exitCode, stderr } = await stop();
	expect(exitCode).toBe(0);
	expect(stderr).toMatch(/^the page has to be told a node and a registry: expected a registry/);
});

it("listens on the given port, in another folder each time", async () => {
	const first = await startInspector(world);
	await first.stop();
	const { url, stop } = await startInspector(world, ["--port", new URL(first.url).port]);
	expect(new URL(url).port).toBe(new URL(first.url).port);
	expect(new URL(url).pathname).toMatch(/^\/[\w-]{22}\/$/);
	expect(url).not.toBe(first.url);
	await stop();
});
