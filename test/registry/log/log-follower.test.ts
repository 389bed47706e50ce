import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createRegistry } from "../../../src/registry/create-registry.ts";
import { startAnnouncingNode } from "../../support/announcing-node.ts";
import {
	blocksOf,
	type FollowedChain,
	ORG_ID,
	poll,
	pollAll,
	startFollowedChain,
} from "../../support/followed-chain.ts";
import { CHAIN_ID, REGISTRY } from "../../support/memory-chain.ts";
import { until } from "../../support/patient-timers.ts";

const OTHER_ID = `0x${"0c".repeat(32)}` as const;

let world: FollowedChain;
let { chain, node, honest, behind, change, follow } = {} as FollowedChain;
beforeAll(async () => {
	world = await startFollowedChain();
	({ chain, node, honest, behind, change, follow } = world);
	change();
	chain.mine(70);
});
beforeEach(() => {
	node.answer = honest;
	node.calls.length = 0;
});
afterAll(() => world.close());

it.each([{ fromBlock: -1 }, { blockTag: "pending" as never }, { maxBacklog: 0 }, { blockTag: 7 as never }])(
	"a log can't be followed with %j",
	(options) => {
		expect(() => follow(options)).toThrow(expect.objectContaining({ code: "config/invalid-option" }));
	},
);

it("an unknown option is named, with the function", () => {
	expect(() => follow({ tag: "latest" } as never)).toThrow(
		expect.objectContaining({ code: "config/unknown-option", message: expect.stringContaining("followLog") }),
	);
});

describe("announcements", () => {
	it("are those of the registry's webSocketUrl, until they are no longer wanted", async () => {
		const announcing = await startAnnouncingNode();
		const source = { chainId: CHAIN_ID, rpcUrl: node.url, address: REGISTRY, webSocketUrl: announcing.url };
		const registry = createRegistry(source);
		const heard: unknown[] = [];
		const stop = registry.followLog().listen({
			onChange: (isLive) => void heard.push(isLive),
			onBlock: () => void heard.push("block"),
			onLog: (block) => void heard.push(block),
		});
		await until(() => heard.length === 1);
		announcing.announceBlock(16);
		await until(() => heard.length === 2);
		expect(heard).toEqual([true, "block"]);
		stop?.();
		await until(() => announcing.sockets.size === 0);
		registry.close();
		await announcing.close();
	});

	it("don't exist without one", () => {
		const ignore = (): void => {};
		expect(follow().listen({ onChange: ignore, onBlock: ignore, onLog: ignore })).toBeUndefined();
	});
});

it.each(["safe", "finalized"] as const)("a log is followed to the %s block", async (blockTag) => {
	const tags: unknown[] = [];
	node.answer = (method, params) => {
		if (method !== "eth_getBlockByNumber") return honest(method, params);
		tags.push(params[0]);
		return honest(method, [params[0] === blockTag ? `0x${(chain.head() - 3).toString(16)}` : params[0]]);
	};
	const follower = follow({ blockTag });
	expect(await poll(follower)).toMatchObject({ head: chain.head() - 3, isComplete: true });
	expect(tags).not.toContain("latest");
});

it("a log is followed to the latest block if nothing else is wanted, or if that is", async () => {
	for (const options of [{}, { blockTag: "latest" }] as const) {
		expect(await poll(follow(options))).toMatchObject({ head: chain.head(), isComplete: true });
	}
});

describe("a poll", () => {
	it("is one request, and reports each change once", async () => {
		const follower = follow();
		const first = await poll(follower);
		expect(Object.isFrozen(first)).toBe(true);
		const changed = change();
		node.calls.length = 0;
		const update = await poll(follower);
		expect(update).toEqual({
			added: [expect.objectContaining({ blockNumber: changed, event: expect.objectContaining({ orgId: ORG_ID }) })],
			removed: [],
			...{ isReset: false, isReorganized: false, isComplete: true, hasMore: false },
			...{ head: changed, covered: changed, unreplaced: changed },
		});
		expect(node.calls.toSorted()).toEqual(["eth_getBlockByNumber", "eth_getBlockByNumber", "eth_getLogs"]);
		expect((await poll(follower)).added).toEqual([]);
		for (const _ of ["first", "second"]) {
			node.calls.length = 0;
			change();
			await poll(follower);
			expect(node.calls).toHaveLength(3);
		}
	});

	it("reports changes of the last 32 blocks at first, or those from a given block", async () => {
		const changed = change();
		chain.mine(31);
		expect(blocksOf((await poll(follow())).added)).toContain(changed);
		chain.mine(1);
		expect(blocksOf((await poll(follow())).added)).not.toContain(changed);
		expect(blocksOf((await poll(follow({ fromBlock: changed }))).added)).toEqual([changed]);
		expect(blocksOf((await poll(follow({ fromBlock: changed + 1 }))).added)).toEqual([]);
	});

	it("reports nothing before a given block that isn't there yet", async () => {
		const follower = follow({ fromBlock: chain.head() + 2 });
		await poll(follower);
		const changes = [change(), change(), change()];
		expect(blocksOf((await poll(follower)).added)).toEqual(changes.slice(1));
	});

	it("reports all changes of a chain that has fewer blocks than are read again", async () => {
		const young = await startFollowedChain();
		young.chain.revert(80);
		const changes = [young.change(), young.change()];
		expect(blocksOf((await poll(young.follow({ fromBlock: 0 }))).added)).toEqual(changes);
		expect(blocksOf((await poll(young.follow())).added)).toEqual(changes);
		await young.close();
	});

	it("reports changes in the order of the chain, whatever the node's", async () => {
		const follower = follow();
		await poll(follower);
		chain.mine(11);
		node.answer = (method, params) => {
			if (method !== "eth_getLogs") return honest(method, params);
			const logs = [
				[0, 10],
				[0, 2],
				[9, 1],
				[9, 0],
			].map(([before, logIndex]) => ({
				...{ address: REGISTRY, topics: [`0x${"77".repeat(32)}`], data: "0x" },
				...{ blockNumber: chain.head() - Number(before), blockHash: `0x${"bb".repeat(32)}`, logIndex },
				transactionHash: `0x${"cc".repeat(32)}`,
			}));
			return { result: logs };
		};
		const { added } = await poll(follower);
		const places = added.map(({ blockNumber, logIndex }) => [chain.head() - blockNumber, logIndex]);
		expect(places).toEqual([
			[9, 0],
			[9, 1],
			[0, 2],
			[0, 10],
		]);
	});

	it("loses nothing in an outage", async () => {
		const follower = follow();
		await poll(follower);
		node.answer = () => ({ status: 503, body: "" });
		const changed = change();
		chain.mine(100);
		await expect(poll(follower)).rejects.toMatchObject({ code: "registry/unreachable" });
		node.answer = honest;
		expect(blocksOf((await poll(follower)).added)).toEqual([changed]);
	});
});

describe("what is unchanged", () => {
	it("is known of the last 33 blocks after the first poll", async () => {
		const follower = follow();
		const head = chain.head();
		expect(follower.isUnchanged(OTHER_ID, head)).toBe(false);
		await poll(follower);
		const known = [head - 33, head - 32, head, head + 1].map((block) => follower.isUnchanged(OTHER_ID, block));
		expect(known).toEqual([false, true, true, false]);
	});

	it("is known of up to 63 blocks later, then of the last 32 again", async () => {
		const follower = follow();
		const first = chain.head();
		await poll(follower);
		const oldest = (): number => {
			let block = chain.head();
			while (follower.isUnchanged(OTHER_ID, block - 1)) block -= 1;
			return block;
		};
		chain.mine(31);
		for (let polls = 0; polls < 2; polls++) await poll(follower);
		expect(oldest()).toBe(first - 32);
		chain.mine(1);
		for (let polls = 0; polls < 2; polls++) await poll(follower);
		expect(oldest()).toBe(first);
		expect(node.calls.filter((method) => method === "eth_getLogs")).toHaveLength(5);
	});

	it("doesn't include an organization that has changed", async () => {
		const follower = follow();
		chain.mine(70);
		await poll(follower);
		expect(follower.isUnchanged(ORG_ID, chain.head())).toBe(true);
		const changed = change();
		await poll(follower);
		expect(follower.isUnchanged(ORG_ID, changed - 1)).toBe(false);
		expect(follower.isUnchanged(OTHER_ID, changed - 1)).toBe(true);
	});

	it("T55: isn't known after a recent change, which another branch of the chain may not have", async () => {
		const follower = follow();
		chain.mine(70);
		await poll(follower);
		const changed = change();
		chain.mine(1);
		await poll(follower);
		for (const block of [changed, changed + 1]) expect(follower.isUnchanged(ORG_ID, block)).toBe(false);
		chain.mine(64);
		await poll(follower);
		await poll(follower);
		expect(follower.isUnchanged(ORG_ID, chain.head())).toBe(true);
	});
});

describe("T86: a node that lags", () => {
	it("isn't believed to be up to date, and hides no change from the polls of the others", async () => {
		const follower = follow();
		await poll(follower);
		const changed = change();
		const latest = chain.head();
		await poll(follower);
		node.answer = behind(latest - 3);
		const update = { added: [], removed: [], isComplete: false, covered: latest };
		expect(await poll(follower)).toMatchObject({ ...update, unreplaced: latest - 3 });
		const second = change();
		expect(await poll(follower)).toMatchObject({ added: [], isComplete: false, covered: latest });
		node.answer = honest;
		expect(blocksOf((await poll(follower)).added)).toEqual([second]);
		expect(second).toBeGreaterThan(changed);
	});

	it("is noticed even if it lags by more than is read again", async () => {
		const follower = follow();
		chain.mine(100);
		await poll(follower);
		const latest = chain.head();
		node.answer = behind(latest - 90);
		const update = { added: [], removed: [], isComplete: false, hasMore: false, isReset: false, isReorganized: false };
		expect(await poll(follower)).toMatchObject({ ...update, head: latest - 90, covered: latest });
		expect(follower.isUnchanged(OTHER_ID, latest)).toBe(true);
	});

	it("is noticed if it refuses blocks that it doesn't have", async () => {
		const follower = follow();
		await poll(follower);
		const latest = chain.head();
		for (const head of [latest - 90, latest - 32, latest - 31, latest - 1]) {
			const lagging = behind(head);
			node.answer = (method, params) => {
				const { fromBlock, toBlock } = Object(params[0]) as Record<string, string>;
				const isUnknown = [fromBlock, toBlock].some((block) => Number(block) > head);
				return isUnknown ? { error: { code: -32_000, message: "unknown block" } } : lagging(method, params);
			};
			const update = { added: [], isComplete: false, hasMore: false, isReset: false, head, covered: latest };
			expect(await poll(follower)).toMatchObject(update);
		}
		node.answer = honest;
		node.calls.length = 0;
		expect(await poll(follower)).toMatchObject({ isComplete: true, isReset: false });
		expect(node.calls).toHaveLength(3);
	});

	it("that has a part of a range and refuses it has nothing of it", async () => {
		chain.mine(126);
		const follower = follow({ fromBlock: chain.head() - 93 });
		const most = 63;
		let head = chain.head();
		node.answer = (method, params) => {
			const { fromBlock, toBlock } = Object(params[0]) as Record<string, string>;
			const last = toBlock === "latest" ? head : Number(toBlock);
			const isRefused = last > head || last - Number(fromBlock) >= most;
			return isRefused ? { error: { code: -32_000, message: "no" } } : behind(head)(method, params);
		};
		await pollAll(follower);
		head -= 5;
		const update = { added: [], isComplete: false, hasMore: false, isReset: false, head, covered: head + 5 };
		expect(await poll(follower)).toMatchObject(update);
		head += 5;
		expect(await poll(follower)).toMatchObject({ isComplete: true, isReset: false });
	});

	it("hides a change only until another one responds, if the last block is another one's", async () => {
		const follower = follow();
		await poll(follower);
		const before = chain.head();
		const changed = change();
		const lagging = behind(before);
		node.answer = (method, params) => (method === "eth_getLogs" ? lagging : honest)(method, params);
		expect((await poll(follower)).added).toEqual([]);
		chain.mine(30);
		node.answer = honest;
		expect(blocksOf((await poll(follower)).added)).toEqual([changed]);
		expect(follower.isUnchanged(ORG_ID, before)).toBe(false);
	});

	it.each([0, 31])(
		"is an invalid response if it has no block before those that are read again, and is %d blocks behind",
		async (blocks) => {
			const follower = follow();
			await poll(follower);
			const lagging = behind(chain.head() - blocks);
			node.answer = (method, params) => {
				if (method === "eth_getBlockByNumber" && params[0] !== "latest") return { result: null };
				return lagging(method, params);
			};
			await expect(poll(follower)).rejects.toMatchObject({ code: "registry/bad-response" });
		},
	);

	it("only lacks a block before the last one: whether that was replaced is unknown", async () => {
		const follower = follow();
		const oldest = chain.head() - 32;
		await poll(follower);
		chain.mine(2);
		await poll(follower);
		chain.mine(2);
		node.answer = (method, params) =>
			method === "eth_getBlockByNumber" && Number(params[0]) > oldest ? { result: null } : honest(method, params);
		const update = { isComplete: true, isReorganized: false, unreplaced: oldest };
		expect(await poll(follower)).toMatchObject(update);
	});
});
