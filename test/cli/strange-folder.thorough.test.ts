import { existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KNOWN_NETWORKS } from "../../src/registry/known-networks.ts";
import { type CliStage, startCliStage } from "../support/cli-chain.ts";
import { type CliWorld, createCliWorld, expectRefusal, type RunOptions } from "../support/cli-world.ts";
import { type FakeNode, greet, startFakeNode } from "../support/fake-node.ts";
import { thorough } from "../support/thorough.ts";

const CHAIN = ".orgpass/chain.json";
const FORGED = `0x${"11".repeat(20)}`;
const { gnosis } = KNOWN_NETWORKS;

let stage: CliStage;
let stranger: FakeNode;
let world: CliWorld;
let count = 0;
beforeAll(async () => {
	stage = await startCliStage();
	world = createCliWorld();
	stranger = await startFakeNode((method) => greet(method) ?? { result: "0x" });
});
afterAll(async () => {
	await stranger.close();
	world.remove();
	await stage.end();
});

/** A new folder with one file in it. */
function folder(name: string, content: object, where: CliWorld = world): RunOptions & { readonly cwd: string } {
	count += 1;
	where.write(`${count}/${name}`, JSON.stringify(content));
	return { cwd: `${count}` };
}

describe("orgpass.json", () => {
	it.each([
		["only a node", {}],
		["the chain", { chainId: 100 }],
		["the network itself", { network: "gnosis" }],
		["the network and its contract", { network: "gnosis", registry: gnosis.registry, kind: "orgid-v3" }],
	])("T81: chooses no node for a network that the user named, if it sets %s", async (_what, settings) => {
		const { cwd } = folder("orgpass.json", { ...settings, rpcUrl: stranger.url });
		stranger.calls.length = 0;
		// columbus has no public node, so nothing is left.
		for (const [flags, env] of [
			[["--network", "columbus"], {}],
			[[], { ORGPASS_NETWORK: "columbus" }],
		] as const) {
			const text = JSON.stringify({ ...settings, rpcUrl: stranger.url }).replaceAll("gnosis", "columbus");
			world.write(`${cwd}/orgpass.json`, text.replace('"chainId":100', '"chainId":502'));
			for (const command of [
				["registry", "deploy", "--owner-key", `0x${"11".repeat(32)}`],
				["org", "list"],
				["doctor"],
			].slice(0, thorough(3, 1))) {
				const result = await world.run([...command, ...flags, "--json"], { cwd, env });
				expect(result).toMatchObject({ exitCode: 2, notice: "" });
				expect(result.json).toMatchObject({ code: "config/missing" });
			}
		}
		expect(stranger.calls).toEqual([]);
	});
	it.each([
		["node", { rpcUrl: "NODE/secret?key=secret" }, [], { rpcUrl: "NODE" }],
		["contract", { registry: FORGED }, ["--rpc-url", "NODE"], { registry: FORGED }],
		["chain", { chainId: 31_337 }, ["--rpc-url", "NODE", "--registry", FORGED], { chainId: 31_337 }],
		["network", { network: "gnosis" }, ["--rpc-url", "NODE"], { network: "gnosis" }],
		[
			"kind",
			{ registry: FORGED, kind: "orgid-v1", rpcUrl: "NODE" },
			[],
			{ registry: FORGED, kind: "orgid-v1", rpcUrl: "NODE" },
		],
	])("T81: what it decides is printed on stderr and in --json: a %s", async (_what, settings, flags, decided) => {
		const fill = (value: object) => JSON.parse(JSON.stringify(value).replaceAll("NODE", stranger.url));
		const options = folder("orgpass.json", fill(settings), stage);
		const file = stage.path(`${options.cwd}/orgpass.json`);
		for (const command of ["doctor", "org list"].slice(0, thorough(2, 1))) {
			const { json, notice } = await stage.run([...command.split(" "), ...fill(flags), "--json"], options);
			expect(json["settingsFile"]).toEqual({ file, ...fill(decided) });
			expect(notice.match(/ sets /g)).toHaveLength(1);
			for (const value of Object.values(fill(decided))) expect(notice).toContain(String(value));
			expect(notice).not.toContain("secret");
		}
	});

	it("T81: nothing is reported if it decides nothing", async () => {
		const options = folder("orgpass.json", { network: "gnosis", rpcUrl: stranger.url, registry: FORGED });
		const flags = ["--network", "columbus", "--rpc-url", stage.chain.rpcUrl, "--json"];
		const { json, notice } = await world.run(["org", "list", ...flags], options);
		expect(json).toEqual({ code: "registry/wrong-chain", message: expect.any(String) });
		expect(notice).toBe("");
		const empty = await stage.run(["org", "list", "--json"], folder("orgpass.json", {}, stage));
		expect(empty).toMatchObject({ exitCode: 0, stderr: "", notice: "", stdout: '{"organizations":[]}\n' });
	});

	it("T81: its text can't control the terminal", async () => {
		const options = folder("orgpass.json", { registry: "\u001b[2J", rpcUrl: "http://x/\u001b[2J" });
		const { stderr, notice } = await world.run(["org", "list"], options);
		expect(notice + stderr).not.toMatch(/[^\x20-\x7e\n]/);
	});
});

describe("chain.json", () => {
	const chainFile = (more: object = {}) => ({
		...{ pid: 1, rpcUrl: stranger.url, chainId: 31_337, registry: FORGED, nonce: `0x00${"ab".repeat(32)}` },
		...more,
	});

	it.each([
		["pid 1", {}],
		["this process", { pid: process.pid }],
		["the running chain's node", { pid: process.pid, rpcUrl: "CHAIN" }],
	])("T81: is ignored if the chain doesn't prove that it wrote the file: %s", async (_what, more) => {
		const text = JSON.parse(JSON.stringify(chainFile(more)).replace("CHAIN", stage.chain.rpcUrl));
		const result = await world.run(["org", "list", "--json"], folder(CHAIN, text));
		expectRefusal(result, 2, "config/missing");
		// The chain that runs in a parent folder is found.
		expect(await stage.run(["org", "list", "--json"], folder(CHAIN, text, stage))).toMatchObject({ exitCode: 0 });
	});

	it("T81: is ignored if its URL isn't that of a port of this machine, and nothing is sent there", async () => {
		const nonce = `0x00${"ab".repeat(32)}`;
		const proving = await startFakeNode(() => ({ result: nonce }));
		const port = new URL(proving.url).port;
		const own = { pid: process.pid, nonce };
		for (const rpcUrl of [
			"http://169.254.169.254",
			"http://10.0.0.1:8545",
			`http://localhost:${port}`,
			`http://127.0.0.1:${port}/path`,
			`http://127.0.0.1:${port}@10.0.0.1:80`,
			`http://user@127.0.0.1:${port}`,
			`https://127.0.0.1:${port}`,
			`http://127.1:${port}`,
			`http://[::1]:${port}`,
		]) {
			const result = await world.run(["org", "list", "--json"], folder(CHAIN, chainFile({ ...own, rpcUrl })));
			expectRefusal(result, 2, "config/missing");
		}
		const other = folder(CHAIN, chainFile({ ...own, rpcUrl: proving.url, chainId: 100 }));
		expectRefusal(await world.run(["org", "list", "--json"], other), 2, "config/missing");
		expect(proving.calls).toEqual([]);
		await proving.close();
	});

	it("T81: neither the nonce nor anything else of the file is sent to the node it names", async () => {
		const bodies: unknown[] = [];
		const curious = await startFakeNode((method, params) => {
			bodies.push([method, params]);
			return { result: "0x" };
		});
		const file = chainFile({ pid: process.pid, rpcUrl: curious.url });
		await world.run(["org", "list"], folder(CHAIN, file));
		expect(bodies).toEqual([["eth_getCode", [expect.any(String), "latest"]]]);
		expect(JSON.stringify(bodies)).not.toMatch(/abab|1111/);
		await curious.close();
	});

	it("T81: `orgpass chain` doesn't follow a linked .orgpass, and writes nothing there", async () => {
		const outside = createCliWorld();
		outside.write("chain.json", "mine");
		for (const name of ["link", "dangling"]) {
			mkdirSync(world.path(name));
			symlinkSync(name === "link" ? outside.folder : outside.path("nothing"), world.path(`${name}/.orgpass`));
			expectRefusal(await world.run(["chain", "--json"], { cwd: name }), 2, "config/file", /chain\.json/);
		}
		expect(outside.read("chain.json")).toBe("mine");
		expect(readdirSync(outside.folder)).toEqual(["chain.json"]);
		outside.remove();
	});

	it("T81: a linked chain.json is replaced, not followed", async () => {
		const outside = createCliWorld();
		outside.write("victim", "mine");
		mkdirSync(world.path("linked-file/.orgpass"), { recursive: true });
		symlinkSync(outside.path("victim"), world.path(`linked-file/${CHAIN}`));
		const interrupt = new AbortController();
		const options = { cwd: "linked-file", signal: interrupt.signal, onStdout: () => interrupt.abort() };
		expect(await world.run(["chain", "--json"], options)).toMatchObject({ exitCode: 0 });
		expect(outside.read("victim")).toBe("mine");
		expect(existsSync(world.path(`linked-file/${CHAIN}`))).toBe(false);
		outside.remove();
	});
});

describe("the ease of the local chain", () => {
	it("T81: isn't granted to another node that says it is chain 31337", async () => {
		const options = folder("orgpass.json", { rpcUrl: stranger.url, registry: FORGED, chainId: 31_337 }, stage);
		// Without --owner-key, only the local chain has an account.
		expectRefusal(await stage.run(["org", "create", "--json"], options), 2, "config/missing", /--owner-key/);
	});
});
