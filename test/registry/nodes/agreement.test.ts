/** What nodes have to agree on, by agreement of two of three. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRpcProvider, type RpcProvider } from "../../../src/registry/rpc-provider.ts";
import { type Answer, type FakeNode, startFakeNode } from "../../support/fake-node.ts";

const CHAIN = 31_337;
const ODD_PARAMETERS: Answer = { error: { code: -32_602, message: "invalid parameters" } };
const HASHES = [`0x${"a0".repeat(32)}`, `0x${"a1".repeat(32)}`];

let nodes: readonly FakeNode[];
let provider: RpcProvider;
beforeEach(async () => {
	nodes = await Promise.all([0, 1, 2].map(() => startFakeNode(honest)));
	provider = createRpcProvider(
		nodes.map(({ url }) => url),
		CHAIN,
		{ agreement: 2 },
	);
});
afterEach(async () => {
	provider.destroy();
	for (const node of nodes) await node.close();
});

function honest(method: string, params: readonly unknown[]): Answer {
	if (method === "eth_chainId") return { result: "0x7a69" };
	if (method === "eth_blockNumber") return { result: "0x64" };
	if (method === "eth_getBlockByNumber") {
		const number = params[0] === "safe" || params[0] === "finalized" ? "0x5a" : params[0];
		return { result: { number, hash: HASHES[0], parentHash: HASHES[0], timestamp: "0x1" } };
	}
	return method === "eth_call" ? { result: `at ${params[1]}` } : { result: method };
}

/** Has a node give other answers to one method. */
function answer(index: number, method: string, answers: FakeNode["answer"]): void {
	const { answer: before } = nodes[index] as FakeNode;
	(nodes[index] as FakeNode).answer = (asked, params) => (asked === method ? answers : before)(asked, params);
}

/** The nodes have these heads. */
function setHeads(...heads: readonly number[]): void {
	for (const [index, head] of heads.entries()) {
		const number = `0x${head.toString(16)}`;
		answer(index, "eth_blockNumber", (_, params) => (params.length === 0 ? { result: number } : ODD_PARAMETERS));
		answer(index, "eth_getBlockByNumber", (_, params) =>
			params.length === 2 && params[1] === false ? { result: { number } } : ODD_PARAMETERS,
		);
	}
}

const call = (tag = "latest"): Promise<unknown> => provider.send("eth_call", [{}, tag]);
const at = (block: number): string => `at 0x${block.toString(16)}`;
const hostOf = (index: number): string => new URL((nodes[index] as FakeNode).url).host;

describe("the block of a call", () => {
	it.each<[readonly number[], number]>([
		[[100, 100, 100], 100],
		[[100, 90, 100], 100],
		[[900, 100, 100], 100],
		[[105, 100, 94], 100],
		[[106, 100, 95], 95],
		[[95, 106, 100], 95],
	])("of nodes whose heads are %j is %d", async (heads, block) => {
		setHeads(...heads);
		expect(await call()).toBe(at(block));
		expect(await provider.send("eth_blockNumber", [])).toBe(`0x${block.toString(16)}`);
	});

	it.each([
		["safe", [164, 100, 35], 100],
		["finalized", [165, 100, 36], 36],
	] as const)("that is %s may be 64 blocks before that of another node", async (tag, heads, block) => {
		setHeads(...heads);
		expect(await call(tag)).toBe(at(block));
	});

	it.each([
		["latest", [106, 100, 94], "eth_blockNumber"],
		["safe", [165, 100, 35], "eth_getBlockByNumber"],
	] as const)("isn't chosen if no two nodes are close together (%s)", async (tag, heads, method) => {
		setHeads(...heads);
		const states = heads.map((head, index) => `${hostOf(index)} is at block ${head}`);
		await expect(call(tag)).rejects.toMatchObject({
			code: "registry/disagreement",
			details: { method, agreement: 2, nodes: expect.arrayContaining(states) },
		});
	});

	it("is an earlier one if nodes contradict each other at the first", async () => {
		setHeads(102, 101, 100);
		for (const index of [1, 2]) {
			answer(index, "eth_call", (method, params) =>
				params[1] === "0x65" ? { result: `0x${index}0` } : honest(method, params),
			);
		}
		expect(await call()).toBe(at(100));
	});

	it("is decided without a node that doesn't say which one it has", async () => {
		setHeads(102, 101);
		answer(2, "eth_blockNumber", () => ({ hang: true }));
		expect(await call()).toBe(at(101));
	});

	it.each<[string, Answer]>([
		["no number", { result: null }],
		["a text before the number", { result: "x0x65" }],
		["a number with text after it", { result: "0x65z" }],
		["an enormous number", { result: `0x${"1".repeat(14)}` }],
		["no text", { result: 101 }],
		["an error", { error: { code: -32_000, message: "no" } }],
	])("isn't that of a node whose answer is %s", async (_, head) => {
		setHeads(102, 101);
		answer(2, "eth_blockNumber", () => head);
		expect(await call()).toBe(at(101));
		answer(1, "eth_blockNumber", () => head);
		await expect(call()).rejects.toMatchObject({ code: expect.stringMatching(/BAD_DATA|UNKNOWN_ERROR/) });
	});
});

describe("an answer", () => {
	it("counts if two nodes give it, each call for itself", async () => {
		answer(0, "eth_getCode", () => ({ result: "0xbad0" }));
		answer(1, "eth_call", () => ({ result: "0xbad1" }));
		const calls = [
			{ method: "eth_getCode", params: ["0x", "0x1"] },
			{ method: "eth_call", params: [{}, "0x2"] },
			{ method: "eth_blockNumber", params: [] },
			{ method: "eth_gasPrice", params: [] },
		];
		expect(await provider.sendTogether(calls)).toEqual([
			{ result: "eth_getcode" },
			{ result: at(2) },
			{ result: "0x64" },
			{ result: "eth_gasPrice" },
		]);
	});

	it("is asked of one node in order if the nodes' answers can differ", async () => {
		answer(0, "eth_gasPrice", () => ({ result: "0x1" }));
		answer(1, "eth_gasPrice", () => ({ result: "0x2" }));
		expect(await provider.send("eth_gasPrice", [])).toBe("0x1");
		expect((nodes[1] as FakeNode).calls).not.toContain("eth_gasPrice");
	});

	it("is a disagreement that names the nodes and their answers", async () => {
		for (const index of [0, 1, 2]) answer(index, "eth_call", () => ({ result: `0x${index % 3}0` }));
		// In the order in which they have answered.
		const numbers = [1, 2, 3].map((number) => expect.stringMatching(new RegExp(`gives result ${number} of 3$`)));
		await expect(call("0x1")).rejects.toMatchObject({
			code: "registry/disagreement",
			details: { method: "eth_call", agreement: 2, nodes: numbers },
			message: expect.stringContaining("expected 2 nodes to agree on eth_call: "),
		});
		for (const index of [0, 1, 2]) {
			await expect(call("0x1")).rejects.toMatchObject({ message: expect.stringContaining(hostOf(index)) });
		}
	});

	it("is a disagreement that names a node that failed, and how", async () => {
		answer(0, "eth_call", () => ({ result: "0x10" }));
		answer(1, "eth_call", () => ({ result: "0x20" }));
		(nodes[2] as FakeNode).answer = () => ({ status: 500, body: "" });
		await expect(call("0x1")).rejects.toMatchObject({
			code: "registry/disagreement",
			details: { nodes: expect.arrayContaining([expect.stringMatching(`^${hostOf(2)} .*500`)]) },
		});
	});

	it("is the failure of a node if too few have answered", async () => {
		for (const index of [1, 2]) (nodes[index] as FakeNode).answer = () => ({ status: 500, body: "" });
		await expect(call("0x1")).rejects.toMatchObject({ code: "status", status: 500 });
	});

	it("is an error if two nodes have one", async () => {
		for (const index of [1, 2]) {
			answer(index, "eth_call", () => ({ error: { code: -32_000, message: "missing trie node" } }));
		}
		const error = { code: -32_000, message: "missing trie node" };
		await expect(call("0x1")).rejects.toMatchObject({ code: "CALL_EXCEPTION", info: { error } });
	});

	it("is an error without its text if only one node has one, and another fails", async () => {
		answer(1, "eth_call", () => ({ error: { code: -32_000, message: "out of gas" } }));
		(nodes[2] as FakeNode).answer = () => ({ status: 500, body: "" });
		const error = { code: -32_000, message: "too few nodes have an answer" };
		await expect(call("0x1")).rejects.toMatchObject({ code: "CALL_EXCEPTION", info: { error } });
	});

	it("is a disagreement if one node has an error and the others contradict each other", async () => {
		answer(0, "eth_call", () => ({ result: "0x10" }));
		answer(1, "eth_call", () => ({ result: "0x20" }));
		answer(2, "eth_call", () => ({ error: { code: -32_000, message: "out of gas" } }));
		await expect(call("0x1")).rejects.toMatchObject({
			code: "registry/disagreement",
			details: { nodes: expect.arrayContaining([expect.stringContaining("of 2")]) },
		});
	});
});

describe("logs", () => {
	const logs = (range: object): Promise<unknown> => provider.send("eth_getLogs", [range]);

	it("count from nodes that have the last block of their range", async () => {
		for (const index of [0, 1]) answer(index, "eth_getLogs", () => ({ result: [] }));
		answer(2, "eth_getLogs", () => ({ result: [{ data: "0x01" }] }));
		expect(await logs({ fromBlock: "0x1", toBlock: "0x9" })).toEqual([]);
		answer(1, "eth_getBlockByNumber", () => ({ result: null }));
		await expect(logs({ fromBlock: "0x1", toBlock: "0x9" })).rejects.toMatchObject({
			code: "registry/disagreement",
			details: { method: "eth_getLogs" },
		});
	});

	it("count from nodes that have the same last block", async () => {
		for (const index of [0, 1, 2]) answer(index, "eth_getLogs", () => ({ result: [] }));
		answer(1, "eth_getBlockByNumber", () => ({ result: { hash: HASHES[0]?.toUpperCase() } }));
		answer(2, "eth_getBlockByNumber", () => ({ result: { hash: HASHES[1] } }));
		expect(await logs({ fromBlock: "0x1", toBlock: "0x9" })).toEqual([]);
		answer(1, "eth_getBlockByNumber", () => ({ result: { hash: HASHES[1]?.slice(0, -2) } }));
		await expect(logs({ fromBlock: "0x1", toBlock: "0x9" })).rejects.toMatchObject({ code: "registry/disagreement" });
	});

	it("of several ranges, asked together with other calls, have answers of their own", async () => {
		const blocks: unknown[] = [];
		for (const index of [0, 1, 2]) {
			answer(index, "eth_getLogs", (_, params) => ({ result: [{ data: Object(params[0])["fromBlock"] }] }));
			answer(index, "eth_getBlockByNumber", (method, params) => {
				blocks.push(params);
				return honest(method, params);
			});
		}
		const rangeOf = (fromBlock: string, toBlock: string) => ({
			method: "eth_getLogs",
			params: [{ fromBlock, toBlock }],
		});
		const calls = [rangeOf("0x1", "0x9"), { method: "eth_call", params: [{}, "0x2"] }, rangeOf("0x2", "0x8")];
		expect(await provider.sendTogether([...calls, rangeOf("0x3", "0x7")])).toEqual([
			{ result: [{ data: "0x1" }] },
			{ result: at(2) },
			{ result: [{ data: "0x2" }] },
			{ result: [{ data: "0x3" }] },
		]);
		for (const block of ["0x9", "0x8", "0x7"]) expect(blocks).toContainEqual([block, false]);
	});

	it.each([null, {}, { hash: null }, { hash: 7 }])(
		"don't count if the last block of their range is %j",
		async (result) => {
			for (const index of [0, 1, 2]) {
				answer(index, "eth_getLogs", () => ({ result: [] }));
				answer(index, "eth_getBlockByNumber", () => ({ result }));
			}
			await expect(logs({ fromBlock: "0x1", toBlock: "0x9" })).rejects.toMatchObject({ code: "BAD_DATA" });
		},
	);

	it("of a block that is named by its hash need no further request", async () => {
		for (const index of [0, 1, 2]) answer(index, "eth_getLogs", () => ({ result: [] }));
		expect(await logs({ blockHash: HASHES[0] })).toEqual([]);
		expect(nodes.flatMap(({ calls }) => calls)).not.toContain("eth_getBlockByNumber");
	});
});

describe("a node that failed", () => {
	it("isn't asked while two others are healthy, and named if these disagree", async () => {
		(nodes[2] as FakeNode).answer = () => ({ status: 429, body: "", headers: { "retry-after": "60" } });
		expect(await call("0x1")).toBe(at(1));
		await expect.poll(() => (nodes[2] as FakeNode).calls.length).toBeGreaterThan(0);
		(nodes[2] as FakeNode).calls.length = 0;
		expect(await call("0x1")).toBe(at(1));
		expect((nodes[2] as FakeNode).calls).toEqual([]);
		answer(0, "eth_call", () => ({ result: "0x10" }));
		await expect(call("0x1")).rejects.toMatchObject({
			details: { nodes: expect.arrayContaining([`${hostOf(2)} failed before`]) },
		});
		expect((nodes[2] as FakeNode).calls).toEqual([]);
	});
});
