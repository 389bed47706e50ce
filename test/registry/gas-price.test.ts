import { afterEach, beforeEach, expect, it } from "vitest";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { createProvider } from "../../src/registry/ethers-provider.ts";
import { toWallet } from "../../src/registry/wallet.ts";
import { type FakeNode, greet, startFakeNode } from "../support/fake-node.ts";

const CHAIN = 31_337;
const ADDRESS = `0x${"11".repeat(20)}` as const;
const [GWEI, LIMIT] = [10n ** 9n, 5_000n * 10n ** 9n];
const WORD = "00".repeat(32);
const { privateKey } = await generateKeyPair();

let node: FakeNode;
/** What the node asks for; without a base fee, its chain is one from before EIP-1559. */
let prices: { readonly base?: bigint; readonly tip?: bigint; readonly gasPrice?: bigint };
beforeEach(async () => {
	node = await startFakeNode((method) => greet(method) ?? { result: answer(method) });
});
afterEach(() => node.close());

const quantity = (value: bigint): string => `0x${value.toString(16)}`;

function answer(method: string): unknown {
	const { base, tip = 0n, gasPrice = 0n } = prices;
	const block = {
		...{ number: "0x1", timestamp: "0x1", hash: `0x${WORD}`, parentHash: `0x${WORD}`, nonce: "0x0000000000000000" },
		...{ difficulty: "0x0", gasLimit: "0x1c9c380", gasUsed: "0x0", miner: ADDRESS, extraData: "0x", transactions: [] },
		...(base === undefined ? {} : { baseFeePerGas: quantity(base) }),
	};
	const answers: Readonly<Record<string, unknown>> = {
		eth_getBlockByNumber: block,
		eth_maxPriorityFeePerGas: quantity(tip),
		eth_gasPrice: quantity(gasPrice),
		eth_estimateGas: "0x19b56",
		eth_getTransactionCount: "0x0",
		eth_call: `0x${WORD}`,
	};
	return answers[method] ?? null;
}

it.each([
	["a tip", { base: GWEI, tip: LIMIT }, "5002"],
	["a base fee", { base: LIMIT }, "10000"],
	["a price", { gasPrice: LIMIT + 1n }, "5000.000000001"],
])("a private key signs no transaction for %s that would take all its account has", async (_, asked, price) => {
	prices = asked;
	const registry = createRegistry({ chainId: CHAIN, address: ADDRESS, rpcUrl: node.url, kind: "orgpass" });
	const message = `the RPC node asks for ${price} gwei per unit of gas, more than 5000: nothing was sent`;
	await expect(registry.connect(privateKey).createOrganization()).rejects.toMatchObject({
		code: "registry/bad-response",
		message,
	});
	expect(node.calls).not.toContain("eth_sendRawTransaction");
	registry.close();
});

it.each([
	["a tip", { base: GWEI, tip: LIMIT - 2n * GWEI }, { maxFeePerGas: LIMIT, maxPriorityFeePerGas: LIMIT - 2n * GWEI }],
	["a price", { gasPrice: LIMIT }, { gasPrice: LIMIT }],
])("a private key pays %s up to the limit", async (_, asked, expected) => {
	prices = asked;
	const provider = createProvider(node.url, CHAIN);
	const transaction = await toWallet(privateKey, provider).populateTransaction({ to: ADDRESS, data: "0x12345678" });
	expect(transaction).toMatchObject(expected);
	provider.destroy();
});
