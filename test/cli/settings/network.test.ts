import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CliContext } from "../../../src/cli/context.ts";
import { fetchChainId, findAdapter, findChain, findRegistry } from "../../../src/cli/settings/network.ts";
import { ADAPTERS } from "../../../src/registry/adapters/adapters.ts";
import { KNOWN_NETWORKS } from "../../../src/registry/known-networks.ts";
import { createCliWorld, silentContext } from "../../support/cli-world.ts";
import { type FakeNode, ORGPASS_CODE, startFakeNode } from "../../support/fake-node.ts";
import { expectRefusal } from "../../support/refusal.ts";

const NONCE = `0x00${"ab".repeat(32)}`;
const REGISTRY = `0x${"11".repeat(20)}`;
const OTHER = `0x${"22".repeat(20)}`;

const world = createCliWorld();
/** Of chain 100; whatever has code there is an orgpass registry. */
let remote: FakeNode;
/** The chain of the folder `local`. */
let local: FakeNode;
beforeAll(async () => {
	remote = await startFakeNode((method) => ({ result: method === "eth_chainId" ? "0x64" : ORGPASS_CODE }));
	local = await startFakeNode((method) => ({ result: method === "eth_chainId" ? "0x7a69" : NONCE }));
	const chain = { pid: process.pid, rpcUrl: local.url, chainId: 31_337, registry: REGISTRY, nonce: NONCE };
	world.write("local/.orgpass/chain.json", JSON.stringify(chain));
	world.write("empty/keep", "");
});
afterAll(async () => {
	await Promise.all([remote.close(), local.close()]);
	world.remove();
});

const empty = (): CliContext => silentContext(world.path("empty"));
const inLocal = (): CliContext => silentContext(world.path("local"));

/** What a call asks of a node. */
async function asked(node: FakeNode, run: () => unknown): Promise<string[]> {
	const before = node.calls.length;
	await run();
	return node.calls.slice(before);
}

describe("the chain", () => {
	it("is known from a network or a file, or asked of the node", async () => {
		world.write("file/orgpass.json", JSON.stringify({ chainId: 5 }));
		const inFile = { ...silentContext(world.path("file")), stderr: () => {} };
		const calls = await asked(remote, async () => {
			const flags = { rpcUrl: remote.url };
			expect(await findChain(inFile, flags)).toEqual({ rpcUrl: remote.url, chainId: 5, isLocal: false });
			const network = await findChain(empty(), { ...flags, network: "polygon" });
			expect(network).toEqual({ rpcUrl: remote.url, chainId: 137, isLocal: false });
		});
		expect(calls).toEqual([]);
		const answer = await findChain(empty(), { rpcUrl: remote.url });
		expect(answer).toEqual({ rpcUrl: remote.url, chainId: 100, isLocal: false });
		expect(await fetchChainId(empty(), remote.url)).toBe(100);
	});

	it("is local only at the URL of the running chain", async () => {
		const calls = await asked(local, async () => {
			expect(await findChain(inLocal(), {})).toEqual({ rpcUrl: local.url, chainId: 31_337, isLocal: true });
			expect(await findChain(inLocal(), { rpcUrl: local.url })).toMatchObject({ isLocal: true });
		});
		expect(calls).not.toContain("eth_chainId");
		const rpcUrl = local.url.replace("127.0.0.1", "localhost");
		expect(await findChain(inLocal(), { rpcUrl })).toEqual({ rpcUrl, chainId: 31_337, isLocal: false });
		expect(await findChain(empty(), { rpcUrl: local.url })).toMatchObject({ isLocal: false });
	});

	it("needs a node, and the error says how to name one", async () => {
		for (const flags of [{}, { registry: REGISTRY }, { network: "columbus" }]) {
			const { message } = await expectRefusal(() => findChain(empty(), flags), "config/missing");
			for (const word of ["an RPC node", "--rpc-url", "ORGPASS_RPC_URL"]) expect(message).toContain(word);
		}
	});

	it.each([
		"ws://127.0.0.1:1",
		"127.0.0.1:8545",
		" http://127.0.0.1:1",
		"http://",
		"http:/127.0.0.1",
		"https://[::1",
		"see http://127.0.0.1:1",
	])("needs a URL, with http or https: %j", async (rpcUrl) => {
		const { message, details } = await expectRefusal(() => findChain(empty(), { rpcUrl }), "config/invalid-option");
		expect(details).toEqual({ option: "--rpc-url" });
		expect(message).toBe("--rpc-url must be an http:// or https:// URL");
	});

	it("of an https node is known from the network", async () => {
		const rpcUrl = "https://node.example/key";
		expect(await findChain(empty(), { rpcUrl, network: "gnosis" })).toMatchObject({ rpcUrl, chainId: 100 });
	});

	it("of a public node that nobody chose is noted once", async () => {
		const notes: string[] = [];
		const context = { ...empty(), stderr: (text: string) => void notes.push(text) };
		for (let times = 0; times < 2; times += 1) await findChain(context, { network: "gnosis" });
		expect(notes).toEqual([expect.stringContaining(KNOWN_NETWORKS.gnosis.rpcUrl as string)]);
	});
});

describe("the registry", () => {
	const find = async (context: CliContext, flags: object) => {
		const { registry, chain } = await findRegistry(context, flags);
		registry.close();
		return { address: registry.address, chainId: chain.chainId, isLocal: chain.isLocal };
	};

	it("is the one that is named, or else that of the running chain", async () => {
		const chosen = { rpcUrl: remote.url, registry: OTHER };
		expect(await find(empty(), chosen)).toEqual({ address: OTHER, chainId: 100, isLocal: false });
		expect(await find(inLocal(), chosen)).toEqual({ address: OTHER, chainId: 100, isLocal: false });
		expect(await find(inLocal(), {})).toEqual({ address: REGISTRY, chainId: 31_337, isLocal: true });
		expect(await find(inLocal(), { registry: OTHER })).toEqual({ address: OTHER, chainId: 31_337, isLocal: true });
		const rpcUrl = local.url.replace("127.0.0.1", "localhost");
		expect(await find(inLocal(), { rpcUrl })).toEqual({ address: REGISTRY, chainId: 31_337, isLocal: false });
	});

	it("isn't that of the running chain on another chain", async () => {
		const { message } = await expectRefusal(() => find(inLocal(), { rpcUrl: remote.url }), "config/missing");
		for (const word of ["a registry", "--registry", "ORGPASS_REGISTRY"]) expect(message).toContain(word);
	});

	it("is missed before any node is asked", async () => {
		const calls = await asked(remote, () =>
			expectRefusal(() => find(empty(), { rpcUrl: remote.url }), "config/missing"),
		);
		expect(calls).toEqual([]);
	});
});

describe("the adapter of a registry", () => {
	const remoteFlags = () => ({ rpcUrl: remote.url, registry: REGISTRY });

	it("is that of the kind that is named; no node is asked", async () => {
		const calls = await asked(remote, async () => {
			expect(await findAdapter(empty(), { ...remoteFlags(), kind: "orgid-v1" }, 100)).toBe(ADAPTERS["orgid-v1"]);
			expect(await findAdapter(empty(), { kind: "orgid-v3" })).toBe(ADAPTERS["orgid-v3"]);
		});
		expect(calls).toEqual([]);
	});

	it("is found in the contract's code, if it is on the chain", async () => {
		expect(await findAdapter(empty(), remoteFlags())).toBe(ADAPTERS.orgpass);
		expect(await findAdapter(empty(), remoteFlags(), 100)).toBe(ADAPTERS.orgpass);
	});

	it.each<[string, () => object, number | undefined, keyof typeof ADAPTERS | undefined]>([
		["the settings are for another chain", remoteFlags, 137, "orgid-v3"],
		["the settings are for another chain, and the chain is unknown", remoteFlags, 5, undefined],
		["no registry is named", () => ({ rpcUrl: remote.url }), 1, "orgid-v1"],
		["nothing is known", () => ({}), undefined, undefined],
		["the node is gone", () => ({ rpcUrl: "http://127.0.0.1:1", registry: REGISTRY }), 100, "orgid-v3"],
	])("is that of the chain's known registry if %s", async (_what, flags, chainId, kind) => {
		expect(await findAdapter(empty(), flags(), chainId)).toBe(kind && ADAPTERS[kind]);
	});

	it("isn't guessed if the settings are wrong", async () => {
		const wrong = { rpcUrl: "ws://127.0.0.1:1", registry: REGISTRY };
		await expectRefusal(() => findAdapter(empty(), wrong, 100), "config/invalid-option");
	});
});
