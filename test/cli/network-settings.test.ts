import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { type ChainSettings, findChain, findRegistry } from "../../src/cli/settings/network.ts";
import { KNOWN_NETWORKS } from "../../src/registry/known-networks.ts";
import { useCliRegistry } from "../support/cli-registry.ts";
import { expectRefusal, type RunOptions } from "../support/cli-world.ts";
import { greet, startFakeNode } from "../support/fake-node.ts";

const DEAD = "http://127.0.0.1:1";
const { gnosis, polygon, columbus } = KNOWN_NETWORKS;

const stage = useCliRegistry("orgid-v1");

/** What the settings come to, without anything being asked of a node. */
async function settle(flags: object, { env = {}, file }: { env?: object; file?: object } = {}) {
	const cwd = `settle-${Math.random()}`;
	stage.write(`${cwd}/orgpass.json`, JSON.stringify(file ?? {}));
	let stderr = "";
	const context = {
		env: env as Record<string, string>,
		cwd: stage.path(cwd),
		stdout: () => {},
		stderr: (text: string) => {
			stderr += text;
		},
		readStdin: async () => new Uint8Array(),
		askSecret: async () => undefined,
		signal: new AbortController().signal,
	};
	const chain: ChainSettings = await findChain(context, flags);
	const { registry } = await findRegistry(context, flags);
	registry.close();
	return { rpcUrl: chain.rpcUrl, chainId: chain.chainId, registry: registry.address, stderr };
}

describe("--network", () => {
	it.each(["mainnet", "gnosis", "polygon", "chiado"] as const)(
		"%s needs no other setting, and reports whose node is used",
		async (name) => {
			const { chainId, registry, rpcUrl } = KNOWN_NETWORKS[name];
			const stderr = `using the public node ${rpcUrl}; use --rpc-url to choose one you trust\n`;
			expect(await settle({ network: name })).toEqual({ chainId, registry, rpcUrl, stderr });
			expect(await settle({}, { env: { ORGPASS_NETWORK: name } })).toMatchObject({ chainId });
			expect(await settle({}, { file: { network: name } })).toMatchObject({ chainId });
		},
	);

	it("columbus has no public node and requires one", async () => {
		await expect(settle({ network: "columbus" })).rejects.toMatchObject({ code: "config/missing" });
		const { chainId, registry } = columbus;
		const node = { network: "columbus", rpcUrl: DEAD };
		expect(await settle(node)).toEqual({ chainId, registry, rpcUrl: DEAD, stderr: "" });
	});

	it("doesn't use the running chain for another network", async () => {
		expect(await settle({ network: "gnosis" })).toMatchObject({ rpcUrl: gnosis.rpcUrl });
	});

	it("a node of an option or a variable takes precedence over the public one, and one of a file only if it names the network", async () => {
		for (const given of [
			settle({ network: "gnosis", rpcUrl: DEAD }),
			settle({ network: "gnosis" }, { env: { ORGPASS_RPC_URL: DEAD } }),
		]) {
			const { chainId, registry } = gnosis;
			expect(await given).toEqual({ chainId, registry, rpcUrl: DEAD, stderr: "" });
		}
		expect(await settle({}, { file: { network: "gnosis", rpcUrl: DEAD } })).toMatchObject({ rpcUrl: DEAD });
		for (const file of [{ rpcUrl: DEAD }, { rpcUrl: DEAD, chainId: 100 }, { rpcUrl: DEAD, network: "gnosis" }]) {
			expect(await settle({ network: "gnosis" }, { file })).toMatchObject({ rpcUrl: gnosis.rpcUrl });
			expect(await settle({}, { file, env: { ORGPASS_NETWORK: "gnosis" } })).toMatchObject({ rpcUrl: gnosis.rpcUrl });
		}
	});

	it("ignores a lower-ranked node of another chain", async () => {
		const own = { ORGPASS_NETWORK: "polygon", ORGPASS_RPC_URL: DEAD };
		expect(await settle({ network: "gnosis" }, { env: own })).toMatchObject({ rpcUrl: gnosis.rpcUrl });
		const file = { rpcUrl: DEAD, chainId: 1 };
		expect(await settle({ network: "gnosis" }, { file })).toMatchObject({ rpcUrl: gnosis.rpcUrl });
	});

	it("the highest-ranked source decides chain and contract; a contract of higher rank overrides it", async () => {
		const low = { env: { ORGPASS_NETWORK: "polygon", ORGPASS_REGISTRY: polygon.registry } };
		expect(await settle({ network: "gnosis" }, low)).toMatchObject({ registry: gnosis.registry });
		const file = { network: "polygon" };
		expect(await settle({ network: "gnosis" }, { file })).toMatchObject({ chainId: 100 });
		const other = { registry: columbus.registry, rpcUrl: DEAD };
		expect(await settle(other, low)).toMatchObject({ chainId: 137, registry: columbus.registry });
	});

	it("checks that a lower-ranked node is on the network's chain", async () => {
		const env = { ORGPASS_RPC_URL: stage.chain.rpcUrl.replace("127.0.0.1", "localhost") };
		const result = await stage.run(["org", "list", "--network", "gnosis", "--json"], { env });
		expectRefusal(result, 3, "registry/wrong-chain", /chain 100, got one of 31337/);
	});

	it.each([
		["an unknown name", ["--network", "goerli"], {}],
		["a property name of Object.prototype", ["--network", "constructor"], {}],
		["an unknown kind", ["--kind", "orgid-v2"], {}],
		["an unknown name in the environment", [], { ORGPASS_NETWORK: "goerli" }],
		["an unknown kind in the environment", [], { ORGPASS_KIND: "v1" }],
	])("rejects %s", async (_what, flags, env) => {
		expectRefusal(await stage.run(["org", "list", ...flags, "--json"], { env }), 2, "config/invalid-option");
	});

	it("rejects an orgpass.json whose network and chain id don't match", async () => {
		stage.write("differ/orgpass.json", JSON.stringify({ network: "gnosis", chainId: 1 }));
		expectRefusal(await stage.run(["org", "list"], { cwd: "differ" }), 2, "config/invalid-file");
	});
});

describe("--kind", () => {
	const created = async (options: RunOptions, ...flags: string[]) =>
		stage.run(["org", "director", "set", `did:orgid:0x${"0a".repeat(32)}`, "--none", ...flags, "--json"], options);

	it("is accepted from flag, environment and file", async () => {
		stage.write("kind/orgpass.json", JSON.stringify({ registry: stage.registry, kind: "orgid-v3" }));
		for (const result of [
			await created({}, "--kind", "orgid-v3"),
			await created({ env: { ORGPASS_KIND: "orgid-v3" } }),
			await created({ cwd: "kind" }),
		]) {
			expectRefusal(result, 1, "registry/unsupported", /orgid-v3/);
		}
		expectRefusal(await created({}), 1, "registry/reverted");
	});

	it("is ignored if it ranks below the contract's address", async () => {
		expectRefusal(await created({ cwd: "kind" }, "--registry", stage.registry), 1, "registry/reverted");
	});
});

describe("discovered files", () => {
	it.skipIf(process.platform === "win32")("a pipe named orgpass.json or chain.json doesn't block", async () => {
		for (const name of ["fifo", "fifo-2/.orgpass"]) stage.write(`${name}/keep`, "");
		execFileSync(process.env["MKFIFO"] ?? "mkfifo", [
			stage.path("fifo/orgpass.json"),
			stage.path("fifo-2/.orgpass/chain.json"),
		]);
		expectRefusal(await stage.run(["org", "list", "--json"], { cwd: "fifo" }), 2, "config/file", /not a file/);
		expect((await stage.run(["org", "list", "--json"], { cwd: "fifo-2" })).exitCode).toBe(0);
	});

	it("rejects a directory named orgpass.json", async () => {
		stage.write("folder/orgpass.json/keep", "");
		expectRefusal(await stage.run(["org", "list", "--json"], { cwd: "folder" }), 2, "config/file");
	});
});

describe("the public node of a network", () => {
	it("is reported once, even if the command looks up its chain twice", async () => {
		const node = await startFakeNode((method) => greet(method) ?? { result: "0x" });
		const { stderr } = await stage.run(["doctor", "--network", "gnosis"], {
			env: { ORGPASS_RPC_URL: node.url },
		});
		expect(stderr).toBe("");
		await node.close();
		const { stderr: once } = await settle({ network: "gnosis" });
		expect(once.match(/public node/g)).toHaveLength(1);
	});
});
