import { existsSync, mkdirSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startCliChain } from "../support/cli-chain.ts";
import { type CliWorld, createCliWorld, expectRefusal } from "../support/cli-world.ts";

const FILE = ".orgpass/chain.json";

describe("orgpass chain", () => {
	let world: CliWorld;
	beforeEach(() => {
		world = createCliWorld();
	});
	afterEach(() => world.remove());

	it("prints one line of JSON and writes the connection settings, and no keys, to a file of mode 0600", async () => {
		const { stop, ...ready } = await startCliChain(world);
		expect(ready).toEqual({
			rpcUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
			chainId: 31337,
			registry: expect.stringMatching(/^0x[0-9a-fA-F]{40}$/),
			accounts: expect.any(Array),
		});
		expect(ready.accounts).toHaveLength(20);
		for (const account of ready.accounts) {
			expect(account).toEqual({
				address: expect.stringMatching(/^0x[0-9a-fA-F]{40}$/),
				privateKey: expect.stringMatching(/^0x[0-9a-f]{64}$/),
			});
		}
		const { rpcUrl, chainId, registry } = ready;
		const nonce = expect.stringMatching(/^0x00[0-9a-f]{64}$/);
		expect(JSON.parse(world.read(FILE))).toEqual({ pid: process.pid, rpcUrl, chainId, registry, nonce });
		expect(world.modeOf(FILE)).toBe(0o600);
		expect(await stop()).toMatchObject({ exitCode: 0 });
	});

	it("T62: removes its file and folder on Ctrl-C and stops listening", async () => {
		const { rpcUrl, stop } = await startCliChain(world);
		await stop();
		expect(existsSync(world.path(".orgpass"))).toBe(false);
		await expect(fetch(rpcUrl, { method: "POST", body: "{}" })).rejects.toThrow();
	});

	it("leaves other files in its folder alone", async () => {
		world.write(".orgpass/notes.txt", "mine");
		const { stop } = await startCliChain(world);
		await stop();
		expect(existsSync(world.path(FILE))).toBe(false);
		expect(world.read(".orgpass/notes.txt")).toBe("mine");
	});

	it("rejects a second chain in the same folder, and leaves the first one running", async () => {
		const { stop, rpcUrl } = await startCliChain(world);
		expectRefusal(await world.run(["chain", "--json"]), 2, "config/chain-running", new RegExp(rpcUrl));
		expect(await world.run(["org", "list"])).toMatchObject({ exitCode: 0 });
		await stop();
	});

	it("runs in a subfolder of another chain's folder, and replaces a stale file", async () => {
		const { stop } = await startCliChain(world);
		world.write(`sub/${FILE}`, JSON.stringify({ pid: 2 ** 30, rpcUrl: "http://x", chainId: 1, registry: "0x" }));
		const below = await startCliChain(world, { cwd: "sub" });
		expect(JSON.parse(world.read(`sub/${FILE}`))).toMatchObject({ pid: process.pid, rpcUrl: below.rpcUrl });
		await below.stop();
		expect(existsSync(world.path(FILE))).toBe(true);
		await stop();
	});

	it("prints the same as text, with a warning about the keys", async () => {
		const interrupt = new AbortController();
		const onStdout = (): void => interrupt.abort();
		const { exitCode, stdout } = await world.run(["chain"], { signal: interrupt.signal, onStdout });
		expect(exitCode).toBe(0);
		expect(stdout).toMatch(/^chain 31337 at http:\/\/127\.0\.0\.1:\d+\nregistry 0x\w{40}\n/);
		expect(stdout).toMatch(/their keys are public knowledge, never use them elsewhere/);
		expect(stdout.match(/^ {2}0x\w{40} {2}0x\w{64}$/gm)).toHaveLength(20);
		expect(stdout).toMatch(/Ctrl-C stops it\.\n$/);
	});

	it("listens on the given port", async () => {
		const first = await startCliChain(world);
		await first.stop();
		const { port } = new URL(first.rpcUrl);
		const interrupt = new AbortController();
		const { stdout } = await world.run(["chain", "--json", "--port", port], {
			signal: interrupt.signal,
			onStdout: () => interrupt.abort(),
		});
		expect(JSON.parse(stdout)).toMatchObject({ rpcUrl: first.rpcUrl });
	});

	it.each(["abc", "-1", "65536", "1e3", "", "080808"])("rejects the port %j", async (port) => {
		const result = await world.run(["chain", "--port", port, "--json"]);
		expectRefusal(result, 2, "config/invalid-option", /--port/);
		expect(existsSync(world.path(".orgpass"))).toBe(false);
	});

	it("fails if its file can't be written, and stops the chain", async () => {
		mkdirSync(world.path(FILE), { recursive: true });
		expectRefusal(await world.run(["chain", "--json"]), 2, "config/file", /chain\.json/);
	});
});
