import { mkdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useCliStage } from "../support/cli-chain.ts";
import { type CliWorld, createCliWorld, expectRefusal, type RunOptions } from "../support/cli-world.ts";
import { startFakeNode } from "../support/fake-node.ts";

const DEAD = "http://127.0.0.1:1";
const NOWHERE = `0x${"11".repeat(20)}`;

const stage = useCliStage();
let bare: CliWorld;
let good: { rpcUrl: string; registry: string };
beforeAll(() => {
	bare = createCliWorld();
	good = { rpcUrl: stage.chain.rpcUrl, registry: stage.chain.registry };
});
afterAll(() => bare.remove());

const list = (args: readonly string[], options: RunOptions) => stage.run(["org", "list", ...args, "--json"], options);

/** A folder with an orgpass.json; the chain of the stage stands above it. */
function folder(name: string, settings: unknown): RunOptions {
	const text = typeof settings === "string" ? settings : JSON.stringify(settings);
	stage.write(`${name}/orgpass.json`, text);
	return { cwd: name };
}

describe("sources of settings", () => {
	it("finds a running chain in the working directory and in parent folders", async () => {
		mkdirSync(stage.path("deep/er"), { recursive: true });
		for (const cwd of [".", "deep/er"]) {
			const { exitCode, json } = await list([], { cwd });
			expect({ exitCode, json }).toEqual({ exitCode: 0, json: { organizations: expect.any(Array) } });
		}
	});

	it("orgpass.json overrides the running chain, also from a parent folder", async () => {
		const options = folder("file", { rpcUrl: DEAD, chainId: 31337 });
		expectRefusal(await list([], options), 3, "registry/unreachable");
		mkdirSync(stage.path("file/sub/sub"), { recursive: true });
		expectRefusal(await list([], { cwd: "file/sub/sub" }), 3, "registry/unreachable");
		expectRefusal(await list([], folder("file-2", { registry: NOWHERE })), 3, "registry/no-contract");
	});

	it("the environment overrides orgpass.json", async () => {
		const file = folder("env", { rpcUrl: DEAD, registry: NOWHERE });
		const env = { ORGPASS_RPC_URL: good.rpcUrl, ORGPASS_REGISTRY: good.registry };
		expect(await list([], { ...file, env })).toMatchObject({ exitCode: 0 });
		const { ORGPASS_RPC_URL } = env;
		expectRefusal(await list([], { ...file, env: { ORGPASS_RPC_URL } }), 3, "registry/no-contract");
	});

	it("flags override everything", async () => {
		const env = { ORGPASS_RPC_URL: DEAD, ORGPASS_REGISTRY: NOWHERE };
		const file = folder("flags", { rpcUrl: DEAD, registry: NOWHERE });
		const flags = ["--rpc-url", good.rpcUrl, "--registry", good.registry];
		expect(await list(flags, { ...file, env })).toMatchObject({ exitCode: 0 });
		expectRefusal(await list(flags.slice(0, 2), { ...file, env }), 3, "registry/no-contract");
		expectRefusal(await list(flags.slice(2), { ...file, env }), 3, "registry/unreachable");
	});

	it("T35: uses the running chain's registry with another node of the chain, not with another chain's", async () => {
		const node = await startFakeNode((method) => (method === "eth_chainId" ? { result: "0x64" } : { hangUp: true }));
		expectRefusal(await list(["--rpc-url", node.url], {}), 2, "config/missing", /expected a registry/);
		expect(new Set(node.calls)).toEqual(new Set(["eth_chainId"]));
		await node.close();
		const same = good.rpcUrl.replace("127.0.0.1", "localhost");
		expect(await list(["--rpc-url", same], {})).toMatchObject({ exitCode: 0 });
	});

	it("T35: rejects a chain id in orgpass.json that differs from the node's", async () => {
		const rpcUrl = good.rpcUrl.replace("127.0.0.1", "localhost");
		const wrong = folder("chain-id", { ...good, rpcUrl, chainId: 5 });
		expectRefusal(await list([], wrong), 3, "registry/wrong-chain", /chain 5, got one of 31337/);
		const right = folder("chain-id-2", { ...good, rpcUrl, chainId: 31337 });
		expect(await list([], right)).toMatchObject({ exitCode: 0 });
	});

	it.each([
		["not JSON", "{"],
		["an array", []],
		["an unknown member", { rpcURL: DEAD }],
		["a member of the wrong type", { chainId: "31337" }],
		["an empty URL", { rpcUrl: "" }],
		["a chain id of zero", { chainId: 0 }],
		["a duplicate member", '{"chainId":1,"chainId":2}'],
		["much too much", " ".repeat(70_000)],
	])("rejects an orgpass.json that is %s, naming the file", async (what, settings) => {
		const result = await list([], folder(`bad ${what}`, settings));
		const code = what === "much too much" ? "config/file" : "config/invalid-file";
		expectRefusal(result, 2, code, /orgpass\.json/);
	});

	it("prints no advice if the message says what is missing", async () => {
		bare.write("nothing/empty", "");
		const { stderr } = await bare.run(["org", "list"], { cwd: "nothing" });
		expect(stderr).toMatch(/^orgpass: expected a registry.* \(config\/missing\)\n$/);
	});

	it("T15: rejects __proto__ in orgpass.json and in chain.json", async () => {
		const text = `{"__proto__":{"rpcUrl":"${DEAD}","admin":true}}`;
		expectRefusal(await list([], folder("proto", text)), 2, "config/invalid-file");
		bare.write("proto-2/.orgpass/chain.json", text);
		expectRefusal(await bare.run(["org", "list"], { cwd: "proto-2" }), 2, "config/missing");
		expect(({} as { admin?: boolean }).admin).toBeUndefined();
	});

	it("rejects a node URL that isn't http or https, without sending a request", async () => {
		for (const url of ["ws://127.0.0.1:1", "file:///etc/passwd", "127.0.0.1:8545"]) {
			const result = await list(["--rpc-url", url], {});
			expectRefusal(result, 2, "config/invalid-option", /http:\/\/ or https:\/\//);
		}
		expectRefusal(await list(["--registry", "0x12"], {}), 2, "config/invalid-option", /40 hex/);
	});

	it.each([
		["of a dead process", JSON.stringify({ pid: 2 ** 30, rpcUrl: DEAD, chainId: 1, registry: NOWHERE })],
		["that is malformed", "{"],
		["with other members", '{"pid":"1"}'],
		["that is empty", ""],
	])("ignores a chain.json %s, and uses the chain of a parent folder", async (what, text) => {
		const name = `stale ${what}/.orgpass/chain.json`;
		bare.write(name, text);
		const result = await bare.run(["org", "list", "--json"], { cwd: `stale ${what}` });
		expectRefusal(
			result,
			2,
			"config/missing",
			/--registry.*--network.*ORGPASS_REGISTRY.*orgpass chain` in this directory/,
		);
		stage.write(name, text);
		expect(await list([], { cwd: `stale ${what}` })).toMatchObject({ exitCode: 0 });
	});

	it("names the missing setting", async () => {
		const alone = await bare.run(["org", "list", "--registry", NOWHERE, "--json"]);
		expectRefusal(alone, 2, "config/missing", /--rpc-url.*ORGPASS_RPC_URL/);
		const create = await bare.run(["org", "create", "--json", "--rpc-url", good.rpcUrl]);
		expectRefusal(create, 2, "config/missing", /--registry/);
	});

	it("requires the owner's key unless the chain is local", async () => {
		const rpcUrl = good.rpcUrl.replace("127.0.0.1", "localhost");
		const elsewhere = ["--rpc-url", rpcUrl, "--json"];
		expectRefusal(await stage.run(["org", "create", ...elsewhere]), 2, "config/missing", /--owner-key/);
		const key = { env: { OWNER: stage.chain.accounts[0]?.privateKey ?? "" } };
		const made = await stage.run(["org", "create", "--owner-key", "env:OWNER", ...elsewhere], key);
		expect(made).toMatchObject({ exitCode: 0, stderr: "" });
	});

	it("never shows the credentials in a node URL", async () => {
		const secret = ["--rpc-url", "http://user:hunter2@127.0.0.1:1/key-hunter2"];
		for (const command of [
			["org", "list"],
			["doctor"],
			["org", "create", "--owner-key", stage.write("o.hex", "11".repeat(32))],
		]) {
			const { exitCode, stdout, stderr } = await stage.run([...command, ...secret]);
			expect(exitCode).toBe(3);
			expect(stdout + stderr).not.toContain("hunter2");
		}
	});
});
