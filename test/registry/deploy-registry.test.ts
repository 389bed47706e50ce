import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { deployRegistry } from "../../src/registry/deploy-registry.ts";
import { startTestNetwork } from "../../src/testing/test-network.ts";

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

	it("needs an account with a provider", async () => {
		const offline = { provider: null, sendTransaction: () => Promise.reject(new Error("sent")) };
		await expect(deployRegistry(offline)).rejects.toMatchObject({
			code: "config/invalid-option",
			details: { option: "account" },
			message: expect.stringContaining("connected to a provider"),
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
