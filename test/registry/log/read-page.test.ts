import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRegistry } from "../../../src/registry/create-registry.ts";
import type { LogUpdate } from "../../../src/registry/log/log-follower.ts";
import type { Answer } from "../../support/fake-node.ts";
import { blocksOf, type FollowedChain, poll, pollAll, startFollowedChain } from "../../support/followed-chain.ts";
import { CHAIN_ID, REGISTRY } from "../../support/memory-chain.ts";
import { until } from "../../support/patient-timers.ts";
import { type StingyNode, startStingyNode } from "../../support/stingy-node.ts";

const NO_BATCHES = {
	maxBatch: 1,
	refuseBatch: (outgoing: { writeHead(status: number): { end(): void } }) => void outgoing.writeHead(400).end(),
};
const OTHER_ID = `0x${"0c".repeat(32)}` as const;
const TOO_LONG = { result: Array(60_000).fill({ a: 1 }) };

let world: FollowedChain;
let { chain, node, honest, behind, change, follow } = {} as FollowedChain;
let single: StingyNode;
beforeEach(async () => {
	world = await startFollowedChain();
	({ chain, node, honest, behind, change, follow } = world);
	single = await startStingyNode(node.url, NO_BATCHES);
});
afterEach(async () => {
	await single.close();
	await world.close();
});

/** The number of blocks of a range of logs. */
function lengthOf([filter]: readonly unknown[]): number {
	const { fromBlock, toBlock } = filter as { fromBlock: string; toBlock: string };
	return (toBlock === "latest" ? chain.head() : Number(toBlock)) - Number(fromBlock) + 1;
}

describe.each([
	["in one request", () => node.url],
	["one call at a time", () => single.url],
])("a log that is read %s", (_, urlOf) => {
	it.each<[string, object]>([
		["refused", { error: { code: -32_000, message: "too many blocks" } }],
		["answered at too great a length", TOO_LONG],
	])("is read in smaller ranges if it is %s", async (_how, answer) => {
		const changes = [change(), change()];
		chain.mine(20);
		node.answer = (method, params) =>
			method === "eth_getLogs" && lengthOf(params) > 12 ? (answer as never) : honest(method, params);
		const updates = await pollAll(follow({}, urlOf()));
		expect(updates.flatMap(({ added }) => blocksOf(added))).toEqual(changes);
		expect(updates.length).toBeGreaterThan(2);
	});

	it("T87: isn't read in smaller ranges if the node limits requests", async () => {
		const follower = follow({}, urlOf());
		await poll(follower);
		const changed = change();
		node.answer = (method, params) =>
			method === "eth_getLogs" ? { error: { code: 429, message: "slow down" } } : honest(method, params);
		await expect(poll(follower)).rejects.toMatchObject({ code: "registry/unreachable" });
		node.answer = honest;
		// It isn't asked for a moment.
		let update: LogUpdate | undefined;
		await until(async () => {
			update = await poll(follower).catch(() => undefined);
			return update !== undefined;
		});
		expect(blocksOf(update?.added ?? [])).toEqual([changed]);
		expect(update?.hasMore).toBe(false);
	});

	it("isn't read in smaller ranges if the node fails, nor in another way", async () => {
		const follower = follow({}, urlOf());
		await poll(follower);
		const lengths: number[] = [];
		node.answer = (method, params) => {
			if (method !== "eth_getLogs") return honest(method, params);
			lengths.push(lengthOf(params));
			return { status: 401, body: "{}" };
		};
		node.calls.length = 0;
		await expect(poll(follower)).rejects.toMatchObject({ code: expect.stringMatching("^registry/") });
		expect(new Set(lengths)).toEqual(new Set([32]));
		expect(node.calls).toHaveLength(3 * lengths.length);
	});

	it("may be of one block", async () => {
		chain.revert(80);
		expect(change()).toBe(1);
		const update = { added: [{ blockNumber: 1 }], head: 1, isComplete: true, hasMore: false };
		expect(await poll(follow({ fromBlock: 0 }, urlOf()))).toMatchObject(update);
	});

	it("isn't read of a node that is behind it", async () => {
		const follower = follow({}, urlOf());
		chain.mine(100);
		await poll(follower);
		const covered = (await poll(follower)).covered;
		node.answer = behind(chain.head() - 90);
		const update = { added: [], removed: [], isComplete: false, hasMore: false, head: chain.head() - 90, covered };
		expect(await poll(follower)).toMatchObject(update);
	});

	it.each<[string, (block: object) => object, object]>([
		["another block than it was asked for", (block) => ({ result: { ...block, number: "0x1" } }), {}],
		["an error", () => ({ error: { code: -32_000, message: "no" } }), { rpcCode: -32_000 }],
	])("T86: isn't read of a node that has %s", async (_what, answer, details) => {
		const follower = follow({}, urlOf());
		await poll(follower);
		node.answer = (method, params) => {
			const honestly = honest(method, params) as { readonly result: object };
			const isLie = method === "eth_getBlockByNumber" && params[0] !== "latest";
			return (isLie ? answer(honestly.result) : honestly) as Answer;
		};
		await expect(poll(follower)).rejects.toMatchObject({ code: "registry/bad-response", details });
	});
});

it("blocks are asked for without their transactions, and logs of the registry alone", async () => {
	const asked: [string, readonly unknown[]][] = [];
	for (const url of [node.url, single.url]) {
		const follower = follow({}, url);
		await poll(follower);
		node.answer = (method, params) => {
			asked.push([method, params]);
			return honest(method, params);
		};
		await poll(follower);
	}
	const blocks = asked.filter(([method]) => method === "eth_getBlockByNumber");
	const logs = asked.filter(([method]) => method === "eth_getLogs");
	expect(blocks.length).toBeGreaterThanOrEqual(4);
	expect(blocks.every(([, [, isFull]]) => isFull === false)).toBe(true);
	expect(logs.length).toBeGreaterThanOrEqual(2);
	expect(logs.every(([, [filter]]) => Object(filter)["address"].toLowerCase() === REGISTRY.toLowerCase())).toBe(true);
});

it("a log is read in one request again after one that failed, so that all is known for sure", async () => {
	const follower = follow();
	await poll(follower);
	const changed = change();
	node.answer = (method, params) => {
		if (method !== "eth_getLogs") return honest(method, params);
		node.answer = honest;
		return { hangUp: true };
	};
	expect(await poll(follower)).toMatchObject({ isReset: false, covered: changed });
});

it("T87: a log isn't read in smaller ranges if all nodes that have to agree limit requests of it", async () => {
	const rpcUrl = [node.url, world.full.url];
	const registry = createRegistry({ chainId: CHAIN_ID, rpcUrl, agreement: 2, address: REGISTRY, kind: "orgpass" });
	const follower = registry.followLog();
	await poll(follower);
	for (const one of [node, world.full]) {
		one.answer = (method, params) =>
			method === "eth_getLogs" ? { error: { code: 429, message: "slow down" } } : honest(method, params);
	}
	await expect(poll(follower)).rejects.toMatchObject({ code: "registry/unreachable" });
	registry.close();
});

it("a log is read one call at a time of a wallet, and nothing is known for sure", async () => {
	const provider = {
		request: async ({ method, params }: { method: string; params?: unknown }) => chain.answer(method, params as []),
	};
	const registry = createRegistry({ chainId: CHAIN_ID, provider, address: REGISTRY, kind: "orgpass" });
	const follower = registry.followLog();
	expect(await poll(follower)).toMatchObject({ isReset: false, isComplete: true });
	const changed = change();
	const update = await poll(follower);
	expect(blocksOf(update.added)).toEqual([changed]);
	expect(update.covered).toBe(changed - 32);
	expect(follower.isUnchanged(OTHER_ID, changed - 32)).toBe(false);
});

it("of a node without batches that is behind, nothing is asked that it can't have, and nothing is known for sure", async () => {
	const follower = follow({}, single.url);
	chain.mine(100);
	const { covered } = await poll(follower);
	node.answer = behind(chain.head() - 90);
	node.calls.length = 0;
	await poll(follower);
	expect(node.calls).not.toContain("eth_getLogs");
	expect(follower.isUnchanged(OTHER_ID, covered)).toBe(false);
});
