import { afterEach, describe, expect, it, vi } from "vitest";
import { askHead, findSharedBlocks } from "../../../src/registry/nodes/chain-heads.ts";
import type { RpcNode } from "../../../src/registry/nodes/rpc-node.ts";
import type { Answer } from "../../support/fake-node.ts";
import { idle } from "../../support/patient-timers.ts";
import { keepPausesBefore, skipPausesBefore } from "../../support/skipped-pauses.ts";
import { startNode } from "../../support/started-node.ts";

afterEach(() => void vi.restoreAllMocks());

type Head = number | "hangs" | { readonly late: number };

async function start(answer: () => Answer | Promise<Answer>): Promise<RpcNode> {
	const { node } = await startNode((method) => (method === "eth_chainId" ? { result: "0x7a69" } : answer()));
	return node;
}

/** A node whose head is known at once, after others', or never. */
function startAt(head: Head): Promise<RpcNode> {
	return start(async () => {
		if (head === "hangs") return { hang: true };
		if (typeof head === "number") return { result: `0x${head.toString(16)}` };
		await idle(25);
		return { result: `0x${head.late.toString(16)}` };
	});
}

async function find(heads: readonly Head[]): Promise<readonly number[]> {
	const nodes = await Promise.all(heads.map(startAt));
	return (await findSharedBlocks({ nodes, absent: [], count: 2 }, "latest")).map(Number);
}

describe("the blocks that two of three nodes share", () => {
	it.each<[readonly Head[], readonly number[]]>([
		[[100, 100, "hangs"], [100]],
		[[100, "hangs", 100], [100]],
		[[103, { late: 102 }, 102], [102]],
		[
			[102, 101, { late: 102 }],
			[102, 101],
		],
		[
			[101, 102, { late: 100 }],
			[101, 100],
		],
		[[106, 100, { late: 95 }], [95]],
	])("of nodes at %j are %j, without a pause", async (heads, shared) => {
		keepPausesBefore("becomeLate");
		expect(await find(heads)).toEqual(shared);
	});

	it.each<[readonly Head[], readonly number[]]>([
		[[102, 101, "hangs"], [101]],
		[
			[106, 100, { late: 101 }],
			[101, 100],
		],
		[[106, 100, { late: 95 }], [95]],
	])("of nodes at %j are %j, after a pause", async (heads, shared) => {
		skipPausesBefore("becomeLate");
		expect(await find(heads)).toEqual(shared);
	});
});

describe("the head of a node", () => {
	it.each<[unknown, number]>([
		["0x0", 0],
		["0xaB", 171],
		[`0x${"f".repeat(13)}`, 2 ** 52 - 1],
		[{ number: "0x65" }, 101],
	])("that answers %j is %d", async (result, head) => {
		expect(await askHead(await start(() => ({ result })), "safe")).toBe(head);
	});

	it.each([null, {}, { number: 101 }, { number: ["0x65"] }, ["0x65"], "0x", "101", "0x65 ", " 0x65"])(
		"that answers %j isn't known",
		async (result) => {
			const node = await start(() => ({ result }));
			await expect(askHead(node, "safe")).rejects.toMatchObject({ code: "BAD_DATA", info: { result } });
		},
	);
});
