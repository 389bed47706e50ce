import { Wallet } from "ethers";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { importPrivateKey } from "../../src/keys/import-private-key.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { createProvider } from "../../src/registry/ethers-provider.ts";
import type { Registry } from "../../src/registry/registry.ts";
import { startTestNetwork, type TestNetwork } from "../../src/testing/test-network.ts";
import { type Answer, type FakeNode, startFakeNode } from "../support/fake-node.ts";
import { postJson } from "../support/post-json.ts";

let network: TestNetwork;
let node: FakeNode;
let registry: Registry;
/** The id that the node puts in place of the new organization's. */
let forged: string | undefined;
beforeAll(async () => {
	network = await startTestNetwork({ organizations: 1 });
	node = await startFakeNode(async (method, params) => {
		const call = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
		const { body } = await postJson(network.rpcUrl, call);
		const answer = JSON.parse(body);
		if (method === "eth_getTransactionReceipt" && forged !== undefined) {
			for (const log of answer.result?.logs ?? []) log.topics[1] = forged;
		}
		return answer as Answer;
	});
	const { chainId } = network;
	registry = createRegistry({ chainId, address: network.registry.address, rpcUrl: node.url });
});
afterAll(async () => {
	registry.close();
	await node.close();
	await network.close();
});

async function connect(form: string): Promise<Registry> {
	const { privateKey } = network.accounts[0];
	if (form === "a private key") return registry.connect(await importPrivateKey(privateKey));
	const provider = createProvider(node.url, network.chainId);
	provider.pollingInterval = 20;
	onTestFinished(() => provider.destroy());
	return registry.connect(new Wallet(privateKey, provider));
}

it.each(["a private key", "a wallet of ethers"])(
	"%s isn't told that another's organization is its new one",
	async (form) => {
		forged = network.organizations[0]?.orgId;
		await expect((await connect(form)).createOrganization()).rejects.toMatchObject({
			code: "registry/bad-response",
			message: expect.stringMatching(/^the logs of 0x\w{64} show another account's organization$/),
		});
		forged = undefined;
		const salt: `0x${string}` = `0x${crypto.randomUUID().replaceAll("-", "").toUpperCase()}${"Ab".repeat(16)}`;
		const { orgId } = await (await connect(form)).createOrganization({ salt });
		expect((await registry.read(orgId))?.owner).toBe(network.accounts[0].address);
	},
);
