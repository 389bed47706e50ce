/**
 * ORGiD 3 on one chain and orgpass on another, for organizations with delegates on either.
 * @module
 */
import { afterAll, afterEach, beforeAll } from "vitest";
import type { OrgIdResolver } from "../../src/resolver/resolver.ts";
import type { OrgIdResolverOptions } from "../../src/resolver/resolver-options.ts";
import { type DocumentStage, startDocumentStage } from "./document-stage.ts";
import { type FakeNode, passOn, startFakeNode } from "./fake-node.ts";
import { type RpcCounter, startRpcCounter } from "./rpc-counter.ts";

/** One chain that answers to two chain ids. */
export interface TwoChains {
	readonly stage: DocumentStage;
	/** Counts the calls to chain 31337, where ORGiD 3 is. */
	readonly counter: Omit<RpcCounter, "before">;
	/** The methods called on chain 100, where orgpass is. */
	readonly secondCalls: string[];
	/** The node of chain 100; after each test, it is honest again. */
	readonly second: FakeNode;
	readonly newResolver: (options?: Partial<OrgIdResolverOptions>) => OrgIdResolver;
}

/** Chains for the tests of this file: set before them, ended after them. */
export function useTwoChains(): TwoChains {
	const stage = {} as DocumentStage;
	const counter = {} as RpcCounter;
	const secondCalls: string[] = [];
	const second = {} as FakeNode;
	let node: FakeNode;
	const answer: FakeNode["answer"] = (method, params) => {
		secondCalls.push(method);
		return method === "eth_chainId" ? { result: "0x64" } : passOn(stage.network.rpcUrl, method, params);
	};
	beforeAll(async () => {
		Object.assign(stage, await startDocumentStage());
		const { rpcUrl } = stage.network;
		Object.assign(counter, await startRpcCounter(rpcUrl));
		node = await startFakeNode((method, params) => second.answer(method, params));
		Object.assign(second, { ...node, answer });
	});
	afterEach(() => {
		second.answer = answer;
	});
	afterAll(async () => {
		await counter.close();
		await node.close();
		await stage.close();
	});
	const newResolver = (options?: Partial<OrgIdResolverOptions>): OrgIdResolver =>
		stage.resolver("orgid-v3", {
			...options,
			networks: [
				{ chainId: 31337, rpcUrl: counter.url, registry: stage.address("orgid-v3") },
				{ chainId: 100, rpcUrl: second.url, registry: stage.address("orgpass") },
			],
		});
	return { stage, counter, secondCalls, second, newResolver };
}
