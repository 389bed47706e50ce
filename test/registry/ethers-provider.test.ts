import { BrowserProvider, type Provider } from "ethers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { toWalletSender } from "../../src/registry/chain-reads.ts";
import { createProvider, toEthersProvider } from "../../src/registry/ethers-provider.ts";
import { createRpcProvider, type NodeSelector, type TogetherSender } from "../../src/registry/rpc-provider.ts";
import { type FakeNode, startFakeNode } from "../support/fake-node.ts";
import { recordOperations } from "../support/recording-observer.ts";

const CHAIN = 31_337;

let head: number;
let nodes: readonly [FakeNode, FakeNode];
let open: Provider[];
beforeEach(async () => {
	[head, open] = [1, []];
	nodes = [await startFakeNode((method) => answer(method)), await startFakeNode((method) => answer(method))];
});
afterEach(async () => {
	for (const provider of open) provider.destroy();
	for (const node of nodes) await node.close();
});

function answer(method: string, at = head): { readonly result: unknown } {
	if (method === "eth_chainId") return { result: "0x7a69" };
	return { result: method === "eth_blockNumber" ? `0x${at.toString(16)}` : method };
}

const keep = <P extends Provider>(provider: P): P => {
	open.push(provider);
	return provider;
};

describe.each<[string, () => Provider]>([
	["a URL", () => createProvider(nodes[0].url, CHAIN)],
	["our provider", () => toEthersProvider(createRpcProvider(nodes[0].url, CHAIN), CHAIN)],
	[
		"a wallet",
		() => {
			const request = async ({ method }: { method: string }): Promise<unknown> => {
				nodes[0].calls.push(method);
				return answer(method).result;
			};
			return toEthersProvider(toWalletSender({ request }), CHAIN);
		},
	],
])("ethers over %s", (_, create) => {
	it("knows its chain without asking", async () => {
		expect((await keep(create()).getNetwork()).chainId).toBe(BigInt(CHAIN));
		expect(nodes[0].calls).toEqual([]);
	});

	it("asks again each time", async () => {
		const provider = keep(create());
		expect(await provider.getBlockNumber()).toBe(1);
		head = 2;
		expect(await provider.getBlockNumber()).toBe(2);
		expect(nodes[0].calls).toEqual(["eth_blockNumber", "eth_blockNumber"]);
		await Promise.all([provider.getBlockNumber(), provider.getBlockNumber()]);
		expect(nodes[0].calls).toHaveLength(4);
	});
});

it("calls of ethers are sent in batches to which the check of the chain can be added", async () => {
	const { observer, of } = recordOperations();
	const provider = keep(createProvider(nodes[0].url, CHAIN, { observer }));
	await Promise.all(Array.from({ length: 500 }, () => provider.send("eth_call", [])));
	expect(
		of("rpc")
			.map(({ calls }) => calls)
			.toSorted((a, b) => b - a),
	).toEqual([499, 1]);
});

it("a provider of ethers is used as it is, and a wallet's is one for browsers", () => {
	const provider = keep(createProvider(nodes[0].url, CHAIN));
	expect(toEthersProvider(provider as never, CHAIN)).toBe(provider);
	const wallet = toWalletSender({ request: async () => null });
	expect(keep(toEthersProvider(wallet, CHAIN))).toBeInstanceOf(BrowserProvider);
});

describe("ethers over several nodes", () => {
	const createOverAll = (): Provider & TogetherSender & NodeSelector => {
		const urls = nodes.map(({ url }) => url);
		return keep(createProvider(urls, CHAIN)) as Provider as Provider & TogetherSender & NodeSelector;
	};

	it("has one of them respond to several calls", async () => {
		const calls = ["eth_a", "eth_b"].map((method) => ({ method, params: [] }));
		expect(await createOverAll().sendTogether(calls)).toEqual([{ result: "eth_a" }, { result: "eth_b" }]);
		expect(nodes[1].calls).toEqual([]);
	});

	it("leaves those out that are behind", async () => {
		nodes[1].answer = (method) => answer(method, 5);
		const provider = createOverAll();
		expect(await provider.leaveOutBehind("latest", 6)).toBe(false);
		expect(await provider.getBlockNumber()).toBe(1);
		expect(await provider.leaveOutBehind("latest", 5)).toBe(true);
		expect(await provider.getBlockNumber()).toBe(5);
	});
});
