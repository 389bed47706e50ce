/**
 * A chain in memory whose log is followed through a node that answers as a test tells it to.
 * @module
 */
import { createRegistry } from "../../src/registry/create-registry.ts";
import type { FollowOptions, LogFollower, LogUpdate } from "../../src/registry/log/log-follower.ts";
import type { Registry } from "../../src/registry/registry.ts";
import { type Answer, type FakeNode, startFakeNode } from "./fake-node.ts";
import { answerAt } from "./lagging-node.ts";
import { CHAIN_ID, createMemoryChain, type MemoryChain, REGISTRY } from "./memory-chain.ts";

export const ORG_ID = `0x${"0a".repeat(32)}` as const;

export interface FollowedChain {
	readonly chain: MemoryChain;
	/** Answers honestly until it is told otherwise. */
	readonly node: FakeNode;
	/** An honest node of the same chain. */
	readonly full: FakeNode;
	honest(method: string, params: readonly unknown[]): Answer;
	/** Answers as an honest node that has no blocks after `head`. */
	behind(head: number): FakeNode["answer"];
	/** Changes the organization in a new block, and returns its number. */
	change(): number;
	registryAt(rpcUrl?: string | readonly string[]): Registry;
	follow(options?: FollowOptions, rpcUrl?: string | readonly string[]): LogFollower;
	close(): Promise<void>;
}

export async function startFollowedChain(): Promise<FollowedChain> {
	const chain = createMemoryChain({ now: () => 1_000, pause: () => Promise.resolve() });
	const full = await startFakeNode(honest);
	const node = await startFakeNode(honest);
	const open: Registry[] = [];
	return { chain, node, full, honest, behind, change, registryAt, follow, close };

	function honest(method: string, params: readonly unknown[]): Answer {
		return { result: chain.answer(method, params) };
	}

	function behind(head: number): FakeNode["answer"] {
		return (method, params) => answerAt(head, full.url, method, params);
	}

	function change(): number {
		chain.change({ orgId: ORG_ID });
		return chain.head();
	}

	function registryAt(rpcUrl: string | readonly string[] = node.url): Registry {
		const registry = createRegistry({ chainId: CHAIN_ID, rpcUrl, address: REGISTRY, kind: "orgpass" });
		open.push(registry);
		return registry;
	}

	function follow(options?: FollowOptions, rpcUrl?: string | readonly string[]): LogFollower {
		return registryAt(rpcUrl).followLog(options);
	}

	async function close(): Promise<void> {
		for (const registry of open) registry.close();
		await Promise.all([node.close(), full.close()]);
	}
}

/** Reads what is new. */
export function poll(follower: LogFollower): Promise<LogUpdate> {
	return follower.poll(5_000);
}

/** Polls until nothing more can be read at once, a hundred times at most. */
export async function pollAll(follower: LogFollower): Promise<LogUpdate[]> {
	const updates: LogUpdate[] = [];
	do updates.push(await poll(follower));
	while (updates.at(-1)?.hasMore && updates.length < 100);
	return updates;
}

export function blocksOf(entries: LogUpdate["added"]): number[] {
	return entries.map(({ blockNumber }) => blockNumber);
}
