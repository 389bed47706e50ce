import { toQuantity } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hashText } from "../../../src/registry/abi/contract-abi.ts";
import { ADAPTERS } from "../../../src/registry/adapters/adapters.ts";
import { createRegistry } from "../../../src/registry/create-registry.ts";
import type { LogUpdate } from "../../../src/registry/log/log-follower.ts";
import { type FollowedChain, poll, startFollowedChain } from "../../support/followed-chain.ts";
import { CHAIN_ID, REGISTRY } from "../../support/memory-chain.ts";

const HASH = `0x${"bb".repeat(32)}`;

let world: FollowedChain;
beforeAll(async () => {
	world = await startFollowedChain();
});
afterAll(() => world.close());

/** What a poll reports of these logs. */
async function pollWith(logs: unknown): Promise<LogUpdate> {
	const { node, honest, follow } = world;
	node.answer = honest;
	const follower = follow();
	await poll(follower);
	node.answer = (method, params) => (method === "eth_getLogs" ? { result: logs } : honest(method, params));
	return poll(follower);
}

/** A log of an event that the ABI doesn't have, so many blocks after the last one. */
function logAt(after: number, changes: object = {}): object {
	const position = { blockNumber: toQuantity(world.chain.head() + after), blockHash: HASH, logIndex: "0x0" };
	return { address: REGISTRY, topics: [HASH], data: "0x", ...position, transactionHash: HASH, ...changes };
}

describe("T86: hostile logs", () => {
	it.each<[string, () => unknown]>([
		["of another contract", () => [logAt(0), logAt(0, { address: `0x${"12".repeat(20)}` })]],
		["of a block before the range", () => [logAt(0), logAt(-32)]],
		["of a block 17 ahead", () => [logAt(0), logAt(17)]],
		["that are no list", () => ({})],
		["that are missing", () => null],
		["with more than 100,000 values", () => Array(50_000).fill({ a: 1 })],
	])("%s are an invalid response", async (_, logs) => {
		await expect(pollWith(logs())).rejects.toMatchObject({ code: "registry/bad-response" });
	});

	it.each([0, -31, 16])("of an unknown event have no event, up to 16 blocks ahead (%d)", async (after) => {
		const { added } = await pollWith([logAt(after)]);
		expect(added).toEqual([{ blockNumber: world.chain.head() + after, blockHash: HASH, logIndex: 0 }]);
		expect(added.every(Object.isFrozen)).toBe(true);
	});
});

it("logs of events that change no record aren't reported", async () => {
	const { node, honest, chain } = world;
	const adapter = { ...ADAPTERS.orgpass, unrelatedEvents: ["Noise()", "Other(uint256)"] };
	const registry = createRegistry({ chainId: CHAIN_ID, rpcUrl: node.url, address: REGISTRY, adapter });
	node.answer = honest;
	const follower = registry.followLog();
	await poll(follower);
	const logs = ["Noise()", "Other(uint256)", "Unknown()"].map((event, index) =>
		logAt(0, { topics: [hashText(event)], logIndex: toQuantity(index) }),
	);
	node.answer = (method, params) => (method === "eth_getLogs" ? { result: logs } : honest(method, params));
	const { added } = await poll(follower);
	expect(added).toEqual([{ blockNumber: chain.head(), blockHash: HASH, logIndex: 2 }]);
	registry.close();
});
