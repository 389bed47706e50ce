import { AbiCoder } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { deployRegistry } from "../../src/registry/deploy-registry.ts";
import { createProvider } from "../../src/registry/ethers-provider.ts";
import { startTestNetwork } from "../../src/testing/test-network.ts";
import { passOn, startFakeNode } from "../support/fake-node.ts";

const REVERT = `0x08c379a0${AbiCoder.defaultAbiCoder().encode(["string"], ["no space"]).slice(2)}`;

let network: Awaited<ReturnType<typeof startTestNetwork<0>>>;
beforeAll(async () => {
	network = await startTestNetwork({ organizations: 0 });
});
afterAll(() => network.close());

describe("a deployment", () => {
	it("is a new registry, with the receipt of its transaction", async () => {
		const [deployer] = network.accounts;
		const { address, transactionHash, gasUsed } = await deployRegistry(deployer);
		const receipt = await network.provider.getTransactionReceipt(transactionHash);
		expect(receipt).toMatchObject({ contractAddress: address, gasUsed, from: deployer.address, status: 1 });
		const registry = createRegistry({ chainId: network.chainId, rpcUrl: network.rpcUrl, address });
		expect(await registry.readAdapter()).toMatchObject({ name: "orgpass" });
		expect(await registry.list()).toEqual([]);
		registry.close();
	});

	it("isn't taken for another contract that the node names", async () => {
		const node = await startFakeNode(async (method, params) => {
			const answer = await passOn(network.rpcUrl, method, params);
			const receipt = method === "eth_getTransactionReceipt" && "result" in answer ? answer.result : null;
			return receipt === null ? answer : { result: { ...receipt, contractAddress: network.registry.address } };
		});
		const provider = createProvider(node.url, network.chainId);
		provider.pollingInterval = 20;
		await expect(deployRegistry(network.accounts[0].connect(provider))).rejects.toMatchObject({
			code: "registry/bad-response",
			message: expect.stringMatching(/^the receipt of 0x\w{64} names another contract than 0x\w{40}$/),
		});
		provider.destroy();
		await node.close();
	});

	it("needs an account with a provider", async () => {
		const offline = { provider: null, sendTransaction: () => Promise.reject(new Error("sent")) };
		await expect(deployRegistry(offline)).rejects.toMatchObject({
			code: "config/invalid-option",
			details: { option: "account" },
			message: expect.stringContaining("connected to a provider"),
		});
	});

	it.each<[string, object, string, string]>([
		["the user rejects it", { code: "ACTION_REJECTED" }, "registry/rejected", "rejected deployment"],
		["it would revert", { code: "CALL_EXCEPTION", data: REVERT }, "registry/reverted", "refused deployment: no space"],
	])("fails with the reason if %s", async (_, members, code, text) => {
		const sendTransaction = () => Promise.reject(Object.assign(new Error("no"), members));
		await expect(deployRegistry({ provider: network.provider, sendTransaction })).rejects.toMatchObject({
			code,
			message: expect.stringContaining(text),
		});
	});

	it("is refused if the account's provider is configured for another chain than its node's", async () => {
		const { provider } = network;
		const account = {
			provider: { getNetwork: async () => ({ chainId: 1n }), send: provider.send.bind(provider) },
			sendTransaction: () => Promise.reject(new Error("sent")),
		};
		await expect(deployRegistry(account)).rejects.toMatchObject({
			code: "registry/wrong-chain",
			details: { expected: 1, actual: 31_337 },
		});
	});
});
