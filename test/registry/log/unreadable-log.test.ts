import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { FollowOptions } from "../../../src/registry/log/log-follower.ts";
import {
	blocksOf,
	type FollowedChain,
	ORG_ID,
	poll,
	pollAll,
	startFollowedChain,
} from "../../support/followed-chain.ts";
import { passSeconds } from "../../support/pass-seconds.ts";
import { startStingyNode } from "../../support/stingy-node.ts";

let world: FollowedChain;
let { chain, node, full, honest, change, follow } = {} as FollowedChain;
beforeAll(async () => {
	world = await startFollowedChain();
	({ chain, node, full, honest, change, follow } = world);
});
beforeEach(() => {
	chain.mine(130);
	node.answer = honest;
});
afterEach(() => void vi.restoreAllMocks());
afterAll(() => world.close());

/**
 * The node accepts ranges of so many blocks. Returns those that it will be asked for: the first block and, unless it is the
 * latest, the last.
 */
function acceptBlocks(most: number): readonly [number, number | undefined][] {
	const ranges: [number, number | undefined][] = [];
	node.answer = (method, params) => {
		if (method !== "eth_getLogs") return honest(method, params);
		const { fromBlock, toBlock } = params[0] as { fromBlock: string; toBlock: string };
		ranges.push([Number(fromBlock), toBlock === "latest" ? undefined : Number(toBlock)]);
		const end = toBlock === "latest" ? chain.head() : Number(toBlock);
		const isTooLong = end - Number(fromBlock) + 1 > most;
		return isTooLong ? { error: { code: -32_602, message: "too many blocks" } } : honest(method, params);
	};
	return ranges;
}

describe("a long log", () => {
	it.each([10, 1])("is read in ranges of the %d blocks that the node accepts", async (most) => {
		const changes = [change(), change()];
		chain.mine(40);
		const ranges = acceptBlocks(most);
		const updates = await pollAll(follow({ fromBlock: changes[0] as number }));
		expect(updates.flatMap(({ added }) => blocksOf(added))).toEqual(changes);
		const last = updates.at(-1);
		expect(last).toMatchObject({ isComplete: true, hasMore: false, covered: chain.head() });
		expect(updates.slice(0, -1).every(({ isComplete, hasMore }) => !isComplete && hasMore)).toBe(true);
		const lengths = ranges.map(([from, to = chain.head()]) => to - from + 1);
		const accepted = lengths.filter((length) => length <= most);
		expect(Math.min(...accepted.slice(0, -1))).toBeGreaterThan(most / 2);
		expect(lengths.length - accepted.length).toBeLessThan(8);
	});

	it("is read to the end of each range, without a gap or an overlap", async () => {
		const fromBlock = chain.head();
		chain.mine(100);
		const follower = follow({ fromBlock });
		const ranges = acceptBlocks(50);
		const updates = await pollAll(follower);
		const accepted = ranges.filter(([from, to = chain.head()]) => to - from + 1 <= 50);
		expect(accepted.map(([from]) => from).slice(1)).toEqual(accepted.map(([, to]) => Number(to) + 1).slice(0, -1));
		expect(updates.map(({ covered }) => covered)).toEqual(accepted.map(([, to = chain.head()]) => to));
	});

	it.each([
		[63, "not", false],
		[64, "only", true],
	])("of which the node accepts %d blocks is %s asked for to its end if 32 are left", async (most, _, isToEnd) => {
		const first = chain.head() - 2 * most + 1;
		const follower = follow({ fromBlock: first + 32 });
		const ranges = acceptBlocks(most);
		await pollAll(follower);
		expect(ranges).toEqual([
			[first, undefined],
			[first, first + most - 1],
			[first + most, chain.head()],
		]);
		await poll(follower);
		expect(ranges.at(-1)).toEqual([chain.head() - 31, isToEnd ? undefined : chain.head()]);
	});

	it("is read in smaller ranges if the node accepts less later", async () => {
		const follower = follow({ fromBlock: chain.head() - 93 });
		acceptBlocks(63);
		await pollAll(follower);
		const ranges = acceptBlocks(20);
		const updates = await pollAll(follower);
		expect(updates.at(-1)).toMatchObject({ isComplete: true, covered: chain.head() });
		expect(ranges.slice(0, 2)).toEqual([
			[chain.head() - 31, chain.head()],
			[chain.head() - 31, chain.head() - 16],
		]);
	});

	it("is asked for whole again ten minutes after the node refused it", async () => {
		const follower = follow();
		await poll(follower);
		chain.mine(40);
		acceptBlocks(40);
		passSeconds(0);
		await pollAll(follower);
		node.answer = honest;
		passSeconds(600);
		chain.mine(40);
		const isWhole = async (): Promise<boolean> => {
			const ranges = acceptBlocks(1_000);
			await poll(follower);
			return ranges[0]?.[1] === undefined;
		};
		expect(await isWhole()).toBe(false);
		await pollAll(follower);
		passSeconds(0.001);
		chain.mine(40);
		expect(await isWhole()).toBe(true);
	});

	it.each([
		[9, false],
		[10, true],
	])(
		"of the 32 blocks that are read again and %d more is skipped if that exceeds the limit: %j",
		async (more, isReset) => {
			const follower = follow({ maxBacklog: 40 });
			await poll(follower);
			const changed = change();
			chain.mine(more - 1);
			acceptBlocks(32);
			const updates = await pollAll(follower);
			expect(updates[0]).toMatchObject({ isReset });
			expect(updates.slice(1).some((update) => update.isReset)).toBe(false);
			expect(updates.flatMap(({ added }) => blocksOf(added))).toContain(changed);
		},
	);
});

describe("T86: a log that can't be read", () => {
	it("is skipped once, or is an error", async () => {
		const [forgetful, strict] = [follow({ maxBacklog: 1_000 }), follow()];
		await Promise.all([poll(forgetful), poll(strict)]);
		const oldest = chain.head() + 100;
		chain.mine(200);
		node.answer = (method, params) => {
			const { fromBlock } = Object(params[0]) as { fromBlock?: string };
			const isPruned = method === "eth_getLogs" && Number(fromBlock) < oldest;
			return isPruned ? { error: { code: -32_000, message: "pruned" } } : honest(method, params);
		};
		expect(await poll(forgetful)).toMatchObject({ isReset: true, isComplete: true });
		expect(await poll(forgetful)).toMatchObject({ isReset: false, isComplete: true });
		await expect(poll(strict)).rejects.toMatchObject({ code: "registry/bad-response" });
	});

	it.each<FollowOptions>([{ maxBacklog: 1_000 }, { maxBacklog: 1 }, {}])(
		"is an error from the start if the node has no logs at all: %j",
		async (options) => {
			node.answer = (method, params) =>
				method === "eth_getLogs" ? { error: { code: -32_601, message: "no such method" } } : honest(method, params);
			const follower = follow(options);
			const error = { code: "registry/bad-response", cause: { code: "UNKNOWN_ERROR" } };
			await expect(poll(follower)).rejects.toMatchObject(error);
			await expect(poll(follower)).rejects.toMatchObject(error);
		},
	);
});

describe("a node without batches", () => {
	const refuseBatch = {
		maxBatch: 1,
		refuseBatch: (outgoing: { writeHead(status: number): { end(): void } }) => void outgoing.writeHead(400).end(),
	};

	it("is asked for one thing at a time, and nothing is known for sure", async () => {
		const stingy = await startStingyNode(full.url, refuseBatch);
		const follower = follow({}, stingy.url);
		expect(await poll(follower)).toMatchObject({ isReset: false });
		const changed = change();
		const update = await poll(follower);
		expect(blocksOf(update.added)).toEqual([changed]);
		expect(update).toMatchObject({ isComplete: true, covered: changed - 32 });
		expect(follower.isUnchanged(ORG_ID, changed)).toBe(false);
		await stingy.close();
	});

	it("in place of one that takes them, drops everything once, as changes may be missed from now on", async () => {
		const stingy = await startStingyNode(full.url, refuseBatch);
		const follower = follow({}, [node.url, stingy.url]);
		expect(await poll(follower)).toMatchObject({ isReset: false });
		const { covered } = await poll(follower);
		node.answer = () => ({ status: 500, body: "" });
		expect(await poll(follower)).toMatchObject({ isReset: true, isComplete: true, covered });
		expect(await poll(follower)).toMatchObject({ isReset: false });
		expect(follower.isUnchanged(`0x${"0c".repeat(32)}`, covered)).toBe(false);
		await stingy.close();
	});
});
