/**
 * ORGiD 3 on one chain and orgpass on another, for organizations with delegates on either.
 * @module
 */
import { afterAll, beforeAll } from "vitest";
import type { OrgIdResolver } from "../../src/resolver/resolver.ts";
import { type DocumentStage, startDocumentStage } from "./document-stage.ts";
import { passOn, startFakeNode } from "./fake-node.ts";
import { type RpcCounter, startRpcCounter } from "./rpc-counter.ts";

/** One chain that answers to two chain ids. */
export interface TwoChains {
	readonly stage: DocumentStage;
	/** Counts the calls to chain 31337, where ORGiD 3 is. */
	readonly counter: Omit<RpcCounter, "before">;
	/** The methods called on chain 100, where orgpass is. */
	readonly secondCalls: string[];
	readonly newResolver: () => OrgIdResolver;
}

/** Chains for the tests of this file: set before them, ended after them. */
export function useTwoChains(): TwoChains {
	const stage = {} as DocumentStage;
	const counter = {} as RpcCounter;
	const secondCalls: string[] = [];
	let second: Awaited<ReturnType<typeof startFakeNode>>;
	beforeAll(async () => {
		Object.assign(stage, await startDocumentStage());
		const { rpcUrl } = stage.network;
		Object.assign(counter, await startRpcCounter(rpcUrl));
		second = await startFakeNode((method, params) => {
			secondCalls.push(method);
			return method === "eth_chainId" ? { result: "0x64" } : passOn(rpcUrl, method, params);
		});
	});
	afterAll(async () => {
		await counter.close();
		await second.close();
		await stage.close();
	});
	const newResolver = (): OrgIdResolver =>
		stage.resolver("orgid-v3", {
			networks: [
				{ chainId: 31337, rpcUrl: counter.url, registry: stage.address("orgid-v3") },
				{ chainId: 100, rpcUrl: second.url, registry: stage.address("orgpass") },
			],
		});
	return { stage, counter, secondCalls, newResolver };
}
