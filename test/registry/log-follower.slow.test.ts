import { toQuantity } from "ethers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { OrgId } from "../../src/did/did-url.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import type { FollowOptions, LogFollower, LogUpdate } from "../../src/registry/log/log-follower.ts";
import type { Registry } from "../../src/registry/registry.ts";
import { startTestNetwork, type TestNetwork } from "../../src/testing/test-network.ts";
import { type Answer, type FakeNode, passOn, startFakeNode } from "../support/fake-node.ts";
import { answerAt } from "../support/lagging-node.ts";
import { startStingyNode } from "../support/stingy-node.ts";

const TIMEOUT_MS = 5_000;

let network: TestNetwork;
let owner: Registry;
let node: FakeNode;
let orgId: OrgId;
let active = true;
const open: Registry[] = [];

beforeAll(async () => {
	network = await startTestNetwork({ organizations: 0 });
	owner = network.registry.connect(network.accounts[0]);
	node = await startFakeNode(honest);
	({ orgId } = await owner.createOrganization());
	await mine(70);
});
beforeEach(() => {
	node.answer = honest;
	node.calls.length = 0;
});
afterAll(async () => {
	for (const registry of open) registry.close();
	await node.close();
	await network.close();
});

const honest = (method: string, params: readonly unknown[]): Promise<Answer> => passOn(network.rpcUrl, method, params);
const head = (): Promise<number> => network.provider.getBlockNumber();
const mine = (blocks: number): Promise<unknown> => network.provider.send("hardhat_mine", [toQuantity(blocks)]);
const snapshot = (): Promise<string> => network.provider.send("evm_snapshot", []);
const revert = (id: string): Promise<unknown> => network.provider.send("evm_revert", [id]);
/** Changes the organization, and returns the block of the event. */
const change = async (): Promise<number> => {
	active = !active;
	return (await owner.setActive(orgId, active))?.blockNumber as number;
};

function registryAt(rpcUrl: string | readonly string[] = node.url): Registry {
	const registry = createRegistry({ chainId: 31337, rpcUrl, address: network.registry.address, kind: "orgpass" });
	open.push(registry);
	return registry;
}

const follow = (options?: FollowOptions, rpcUrl?: string | readonly string[]): LogFollower =>
	registryAt(rpcUrl).followLog(options);
const poll = (follower: LogFollower): Promise<LogUpdate> => follower.poll(TIMEOUT_MS);
const blocksOf = (entries: LogUpdate["added"]): number[] => entries.map(({ blockNumber }) => blockNumber);

/** Polls until nothing more can be read at once. */
async function pollAll(follower: LogFollower): Promise<LogUpdate[]> {
	const update = await poll(follower);
	return update.hasMore ? [update, ...(await pollAll(follower))] : [update];
}

describe("a poll", () => {
	it("is one request, and reports each change once", async () => {
		const follower = follow();
		await poll(follower);
		const changed = await change();
		node.calls.length = 0;
		const update = await poll(follower);
		expect(update).toMatchObject({ head: changed, covered: changed, isComplete: true, hasMore: false });
		expect(update.added).toMatchObject([{ blockNumber: changed, event: { orgId } }]);
		expect(node.calls.toSorted()).toEqual(["eth_getBlockByNumber", "eth_getBlockByNumber", "eth_getLogs"]);
		expect((await poll(follower)).added).toEqual([]);
	});

	it("reports changes of the last 32 blocks at first, or those from a given block", async () => {
		const changed = await change();
		await mine(31);
		expect(blocksOf((await poll(follow())).added)).toContain(changed);
		await mine(1);
		expect(blocksOf((await poll(follow())).added)).not.toContain(changed);
		expect(blocksOf((await poll(follow({ fromBlock: changed }))).added)).toEqual([changed]);
		expect(blocksOf((await poll(follow({ fromBlock: changed + 1 }))).added)).toEqual([]);
	});

	it("knows what is unchanged up to the last block", async () => {
		const follower = follow();
		expect(follower.isUnchanged(orgId, await head())).toBe(false);
		await poll(follower);
		expect(follower.isUnchanged(orgId, await head())).toBe(true);
		expect(follower.isUnchanged(orgId, (await head()) + 1)).toBe(false);
		const changed = await change();
		await poll(follower);
		expect(follower.isUnchanged(orgId, changed - 1)).toBe(false);
		expect(follower.isUnchanged(`0x${"0c".repeat(32)}`, changed - 1)).toBe(true);
		expect(follower.isUnchanged(`0x${"0c".repeat(32)}`, changed - 70)).toBe(false);
	});

	it("T55: doesn't know what is unchanged after a recent change, which another branch of the chain may not have", async () => {
		const follower = follow();
		await poll(follower);
		const changed = await change();
		await mine(1);
		await poll(follower);
		for (const block of [changed, changed + 1]) expect(follower.isUnchanged(orgId, block)).toBe(false);
		await mine(64);
		await poll(follower);
		await poll(follower);
		expect(follower.isUnchanged(orgId, await head())).toBe(true);
	});

	it("loses nothing in an outage", async () => {
		const follower = follow();
		await poll(follower);
		node.answer = () => ({ status: 503, body: "" });
		const changed = await change();
		await mine(100);
		await expect(poll(follower)).rejects.toMatchObject({ code: "registry/unreachable" });
		node.answer = honest;
		expect(blocksOf((await poll(follower)).added)).toEqual([changed]);
	});

	it("reads a long log in ranges that the node accepts", async () => {
		const changes = [await change(), await change()];
		await mine(100);
		const ranges: number[] = [];
		node.answer = (method, params) => {
			if (method !== "eth_getLogs") return honest(method, params);
			const { fromBlock, toBlock } = params[0] as { fromBlock: string; toBlock: string };
			const length = (toBlock === "latest" ? Infinity : Number(toBlock)) - Number(fromBlock) + 1;
			ranges.push(length);
			return length > 10 ? { error: { code: -32_602, message: "too many blocks" } } : honest(method, params);
		};
		const updates = await pollAll(follow({ fromBlock: changes[0] as number }));
		expect(updates.flatMap(({ added }) => blocksOf(added))).toEqual(changes);
		expect(updates.at(-1)).toMatchObject({ isComplete: true, covered: await head() });
		expect(ranges.filter((length) => length > 10).length).toBeLessThan(8);
	});
});

describe("T86: a node that lags", () => {
	it("isn't believed to be up to date, and hides no change from the polls of the others", async () => {
		const follower = follow();
		await poll(follower);
		const changed = await change();
		const latest = await head();
		await poll(follower);
		node.answer = (method, params) => answerAt(latest - 3, network.rpcUrl, method, params);
		expect(await poll(follower)).toMatchObject({ added: [], removed: [], isComplete: false, covered: latest });
		const second = await change();
		expect(await poll(follower)).toMatchObject({ added: [], isComplete: false, covered: latest });
		node.answer = honest;
		expect(blocksOf((await poll(follower)).added)).toEqual([second]);
		expect(second).toBeGreaterThan(changed);
	});

	it("is noticed even if it lags by more than is read again", async () => {
		const follower = follow();
		await mine(100);
		await poll(follower);
		const latest = await head();
		node.answer = (method, params) => answerAt(latest - 90, network.rpcUrl, method, params);
		expect(await poll(follower)).toMatchObject({ removed: [], isComplete: false, isReset: false, covered: latest });
	});

	it("hides a change only until another one responds, if the last block is another one's", async () => {
		const follower = follow();
		await poll(follower);
		const before = await head();
		const changed = await change();
		node.answer = (method, params) =>
			method === "eth_getLogs" ? answerAt(before, network.rpcUrl, method, params) : honest(method, params);
		expect((await poll(follower)).added).toEqual([]);
		await mine(30);
		node.answer = honest;
		expect(blocksOf((await poll(follower)).added)).toEqual([changed]);
		expect(follower.isUnchanged(orgId, before)).toBe(false);
	});
});

describe("T55: a reorganization", () => {
	it("removes a change, which is reported, and so is the change that replaces it", async () => {
		const follower = follow();
		await poll(follower);
		const id = await snapshot();
		const changed = await change();
		expect(blocksOf((await poll(follower)).added)).toEqual([changed]);
		await revert(id);
		active = !active;
		await mine(2);
		expect(await poll(follower)).toMatchObject({ removed: [{ blockNumber: changed }], isReorganized: true, added: [] });
		const again = await change();
		expect(blocksOf((await poll(follower)).added)).toEqual([again]);
	});

	it("is noticed by the last block alone", async () => {
		const follower = follow();
		await mine(1);
		const id = await snapshot();
		await mine(1);
		await poll(follower);
		await revert(id);
		expect(await poll(follower)).toMatchObject({ isReorganized: false, isComplete: false });
		const { timestamp = 0 } = (await network.provider.getBlock("latest")) ?? {};
		await network.provider.send("evm_setNextBlockTimestamp", [toQuantity(timestamp + 100_000)]);
		await mine(1);
		expect(await poll(follower)).toMatchObject({ isReorganized: true, isComplete: true });
	});

	it("T55: to a branch that is several blocks longer is noticed, too, or that it can't be told", async () => {
		const follower = follow();
		await mine(40);
		await poll(follower);
		await mine(3);
		const id = await snapshot();
		const first = await poll(follower);
		expect(first.unreplaced).toBeLessThan(first.head - 3);
		await mine(3);
		const second = await poll(follower);
		expect(second).toMatchObject({ isReorganized: false, unreplaced: second.head });
		await revert(id);
		await network.provider.send("evm_increaseTime", [1_000]);
		await mine(9);
		const replaced = await poll(follower);
		expect(replaced).toMatchObject({ isReorganized: true, added: [], removed: [] });
		expect(replaced.unreplaced).toBeLessThan(first.head - 3);
		await mine(1);
		const calm = await poll(follower);
		expect(calm).toMatchObject({ isReorganized: false, unreplaced: calm.head });
	});

	it("of more blocks than are read again makes it start again, or fail", async () => {
		const id = await snapshot();
		await mine(70);
		const [forgetful, strict] = [follow({ maxBacklog: 1_000 }), follow()];
		await Promise.all([poll(forgetful), poll(strict)]);
		await revert(id);
		await network.provider.send("evm_increaseTime", [1_000]);
		await mine(75);
		expect(await poll(forgetful)).toMatchObject({ isReset: true, isComplete: true, covered: await head() });
		expect(await poll(forgetful)).toMatchObject({ isReset: false });
		await expect(poll(strict)).rejects.toMatchObject({ code: "registry/bad-response" });
	});
});

describe("T86: a log that can't be read", () => {
	it("is skipped once, or is an error", async () => {
		const [forgetful, strict] = [follow({ maxBacklog: 1_000 }), follow()];
		await Promise.all([poll(forgetful), poll(strict)]);
		const oldest = (await head()) + 100;
		await mine(200);
		node.answer = (method, params) => {
			const { fromBlock } = Object(params[0]) as { fromBlock?: string };
			const isPruned = method === "eth_getLogs" && Number(fromBlock) < oldest;
			return isPruned ? { error: { code: -32_000, message: "pruned" } } : honest(method, params);
		};
		expect(await poll(forgetful)).toMatchObject({ isReset: true, isComplete: true });
		expect(await poll(forgetful)).toMatchObject({ isReset: false, isComplete: true });
		await expect(poll(strict)).rejects.toMatchObject({ code: "registry/bad-response" });
	});

	it("is an error from the start if the node has no logs at all", async () => {
		node.answer = (method, params) =>
			method === "eth_getLogs" ? { error: { code: -32_601, message: "no such method" } } : honest(method, params);
		const follower = follow({ maxBacklog: 1_000 });
		await expect(poll(follower)).rejects.toMatchObject({ code: "registry/bad-response" });
		await expect(poll(follower)).rejects.toMatchObject({ code: "registry/bad-response" });
	});
});

describe("a node without batches", () => {
	it("is asked for one thing at a time, and nothing is known for sure", async () => {
		const stingy = await startStingyNode(network.rpcUrl, {
			maxBatch: 1,
			refuseBatch: (outgoing) => outgoing.writeHead(400).end("no batches"),
		});
		const follower = follow({}, stingy.url);
		await poll(follower);
		const changed = await change();
		const update = await poll(follower);
		expect(blocksOf(update.added)).toEqual([changed]);
		expect(update).toMatchObject({ isComplete: true, covered: changed - 32 });
		expect(follower.isUnchanged(orgId, changed)).toBe(false);
		await stingy.close();
	});

	it("in place of one that takes them, drops everything once, as changes may be missed from now on", async () => {
		const stingy = await startStingyNode(network.rpcUrl, {
			maxBatch: 1,
			refuseBatch: (outgoing) => outgoing.writeHead(400).end("no batches"),
		});
		const follower = follow({}, [node.url, stingy.url]);
		expect(await poll(follower)).toMatchObject({ isReset: false });
		node.answer = () => ({ status: 500, body: "" });
		expect(await poll(follower)).toMatchObject({ isReset: true, isComplete: true });
		expect(await poll(follower)).toMatchObject({ isReset: false });
		await stingy.close();
	});
});

describe("T86: hostile logs", () => {
	const log = {
		address: "",
		topics: [`0x${"77".repeat(32)}`],
		data: "0x",
		blockNumber: "0x0",
		blockHash: `0x${"bb".repeat(32)}`,
		transactionHash: `0x${"cc".repeat(32)}`,
		logIndex: "0x0",
	};

	async function pollWith(logs: unknown): Promise<LogUpdate> {
		node.answer = honest;
		const follower = follow();
		await poll(follower);
		node.answer = (method, params) => (method === "eth_getLogs" ? { result: logs } : honest(method, params));
		return poll(follower);
	}

	const at = async (changes: object): Promise<object> => ({
		...log,
		address: network.registry.address,
		blockNumber: toQuantity(await head()),
		...changes,
	});

	it.each<[string, object]>([
		["another contract's", { address: `0x${"12".repeat(20)}` }],
		["without an address", { address: undefined }],
		["of a block far ahead", { blockNumber: "0xffffffff" }],
		["of an enormous block", { blockNumber: `0x${"f".repeat(64)}` }],
		["of a block before the range", { blockNumber: "0x1" }],
		["without a block", { blockNumber: null }],
		["without a hash", { blockHash: null }],
		["with too many topics", { topics: Array(5).fill(log.topics[0]) }],
		["with short topics", { topics: ["0x77"] }],
		["without topics", { topics: undefined }],
		["with odd data", { data: "0x123" }],
		["with a negative index", { logIndex: -1 }],
		["with a strange mark", { removed: "yes" }],
	])("%s are an invalid response", async (_, changes) => {
		await expect(pollWith([await at({}), await at(changes)])).rejects.toMatchObject({ code: "registry/bad-response" });
	});

	it.each([
		["no array", {}],
		["nothing", null],
		["100,000 of them", Array(100_000).fill(log)],
	])("%s is an invalid response", async (_, logs) => {
		await expect(pollWith(logs)).rejects.toMatchObject({ code: "registry/bad-response" });
	});

	it("of an unknown event have no event", async () => {
		expect((await pollWith([await at({})])).added).toEqual([{ blockNumber: await head(), ...pick(log) }]);
		const { added } = await pollWith([await at({ topics: [] })]);
		expect(added).toEqual([{ blockNumber: await head(), ...pick(log) }]);
	});

	const pick = ({ blockHash }: typeof log): object => ({ blockHash, logIndex: 0 });
});
