/**
 * Everything around the server: a chain, registries of two generations, faulty nodes in front of them, a Redis server.
 * @module
 */
import type { OrgIdNetwork } from "orgpass";
import { generateKeyPair } from "orgpass/keys";
import { startTestNetwork } from "orgpass/testing";
import { type Answer, passOn } from "../../test/support/fake-node.ts";
import { startRedis } from "../../test/support/redis-server.ts";
import { type FaultyNode, startFaultyNode } from "../faults/faulty-node.ts";
import type { NodeFault } from "../faults/node-fault.ts";
import { deployOrgIdV3 } from "../suite/contracts.ts";

/** Our registry, read from nodes in order. */
export const ORDER_CHAIN = 31_337;
/** The same registry, read from nodes that have to agree. */
export const AGREEMENT_CHAIN = 10;
/** A registry of ORGiD 3.x, whose organizations have documents; nodes in order. */
export const DOCUMENT_CHAIN = 100;

const NODE_COUNTS: Readonly<Record<number, number>> = { [ORDER_CHAIN]: 2, [AGREEMENT_CHAIN]: 3, [DOCUMENT_CHAIN]: 2 };
/** So that a node can be behind. */
const FIRST_BLOCKS = 120;

export type Stage = Awaited<ReturnType<typeof startStage>>;

/** Starts everything. All chains are the same one; their nodes claim another chain id. */
export async function startStage(organizations: number) {
	const network = await startTestNetwork({ organizations: organizations + 1 });
	const { provider, rpcUrl, registry } = network;
	const [server, ...clients] = network.organizations;
	if (server === undefined) throw new Error("expected an organization");
	const { address: orgIdV3 } = await deployOrgIdV3(network.accounts[0]);
	for (let block = 0; block < FIRST_BLOCKS; block++) await provider.send("evm_mine", []);
	const nodes = new Map<number, readonly FaultyNode[]>();
	const chains: { head: number }[] = [];
	for (const [id, count] of Object.entries(NODE_COUNTS)) {
		const chainId = Number(id);
		const chain = { rpcUrl, head: 0, honest: answerAs(chainId, rpcUrl) };
		chains.push(chain);
		const made = Array.from({ length: count }, () => startFaultyNode(chain));
		nodes.set(chainId, await Promise.all(made));
	}
	// What is acknowledged survives a crash.
	const redis = await startRedis("--appendonly", "yes", "--appendfsync", "always");
	return {
		network,
		clients,
		audience: server.did,
		orgIdV3,
		redis,
		/** The key that no organization has. */
		attacker: await generateKeyPair(),
		firstHead: await provider.getBlockNumber(),
		networks: [...nodes.keys()].map((chainId) => networkOf(chainId)),
		failNode,
		failAllNodes,
		async close() {
			for (const node of [...nodes.values()].flat()) await node.close();
			await redis.stop();
			await network.close();
		},
	};

	function networkOf(chainId: number): OrgIdNetwork {
		const rpcUrl = (nodes.get(chainId) ?? []).map(({ url }) => `http://127.0.0.1:${new URL(url).port}/`);
		const address = chainId === DOCUMENT_CHAIN ? orgIdV3 : registry.address;
		return { chainId, rpcUrl, registry: address, ...(chainId === AGREEMENT_CHAIN && { agreement: 2 }) };
	}

	/** Lets one of a chain's nodes fail, or work again. */
	async function failNode(chainId: number, index: number, fault: NodeFault | undefined): Promise<void> {
		const head = await provider.getBlockNumber();
		for (const chain of chains) chain.head = head;
		await nodes.get(chainId)?.[index]?.fail(fault);
	}

	async function failAllNodes(fault: NodeFault | undefined): Promise<void> {
		await Promise.all([...nodes.values()].flat().map((node) => node.fail(fault)));
	}
}

function answerAs(chainId: number, rpcUrl: string): (method: string, params: readonly unknown[]) => Promise<Answer> {
	return async (method, params) =>
		method === "eth_chainId" ? { result: `0x${chainId.toString(16)}` } : passOn(rpcUrl, method, params);
}
