/** By agreement of two of three nodes, whose answers a third one repeats in its own way. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createProvider } from "../../../src/registry/ethers-provider.ts";
import { type Answer, type FakeNode, startFakeNode } from "../../support/fake-node.ts";
import { idle } from "../../support/patient-timers.ts";

const CHAIN = 31_337;
const HASH = `0x${"ab".repeat(32)}`;
const ADDRESS = `0x${"11".repeat(20)}`;
const BLOCK = {
	hash: HASH,
	parentHash: `0x${"cd".repeat(32)}`,
	number: "0x10",
	timestamp: "0x20",
	difficulty: "0x2",
	gasLimit: "0x3",
	gasUsed: "0x4",
	extraData: "0x",
	baseFeePerGas: "0x5",
	transactions: [],
};
const LOG = {
	address: ADDRESS,
	blockHash: HASH,
	blockNumber: "0x10",
	data: "0xab",
	logIndex: "0x1",
	topics: [HASH],
	transactionHash: HASH,
	transactionIndex: "0x0",
	removed: false,
};
const TRUTH: Readonly<Record<string, Answer>> = {
	eth_chainId: { result: "0x7a69" },
	eth_blockNumber: { result: "0x10" },
	eth_getBlockByNumber: { result: BLOCK },
	eth_getLogs: { result: [LOG] },
	eth_call: { result: "0xabcd" },
	eth_getCode: { result: "0xabcd" },
};
const REVERT: Answer = { error: { code: 3, message: "execution reverted", data: "0x01" } };

let nodes: readonly [FakeNode, FakeNode, FakeNode];
let provider: ReturnType<typeof createProvider>;
/** What honest nodes answer. */
let truth: Readonly<Record<string, Answer>>;
beforeEach(async () => {
	truth = TRUTH;
	const tell = (method: string): Answer => truth[method] as Answer;
	/** It answers last, so that the answer of the liar, the second one, completes the agreement. */
	const tellLate = async (method: string): Promise<Answer> => {
		await idle(60);
		return tell(method);
	};
	nodes = [await startFakeNode(tell), await startFakeNode(tell), await startFakeNode(tellLate)];
	provider = createProvider(
		nodes.map(({ url }) => url),
		CHAIN,
		{ agreement: 2 },
	);
});
afterEach(async () => {
	provider.destroy();
	for (const node of nodes) await node.close();
});

/** Has the second node lie about one method, a little later than the first one tells the truth. */
function lie(lied: string, answer: Answer): void {
	nodes[1].answer = async (method) => {
		await idle(20);
		return (method === lied ? answer : truth[method]) as Answer;
	};
}

const call = (): Promise<string> => provider.call({ to: ADDRESS, data: "0x" });

describe("T54: an answer that only looks like the others", () => {
	it.each<[string, string, Answer]>([
		["0X", "eth_call", { result: "0XABCD" }],
		["the text of an object", "eth_call", { result: ["0xabcd"] }],
	])("doesn't spoil a call: %s", async (_what, method, answer) => {
		lie(method, answer);
		expect(await call()).toBe("0xabcd");
	});

	it("T16: doesn't spoil names that V8 mixes up", async () => {
		const answer = { result: { q1: { q1: 1, "\\": 1 }, "\u0001": "0x1" } };
		truth = { ...TRUTH, eth_call: answer };
		lie("eth_call", answer);
		expect(await provider.send("eth_call", [])).toEqual(answer.result);
	});

	it("doesn't spoil a contract's code", async () => {
		lie("eth_getCode", { result: "0XABCD" });
		expect(await provider.getCode(ADDRESS)).toBe("0xabcd");
	});

	it("doesn't spoil a call by its depth", async () => {
		const body = (id: number): string =>
			`{"jsonrpc":"2.0","id":${id},"result":${"[".repeat(40_000)}${"]".repeat(40_000)}}`;
		nodes[1].answer = (method) => (method === "eth_call" ? { status: 200, body: body(1) } : (truth[method] as Answer));
		expect(await call()).toBe("0xabcd");
	});

	it.each<[string, object | string]>([
		["odd members", { ...BLOCK, difficulty: "x", miner: "x", extraData: 1, transactions: null, baseFeePerGas: {} }],
		["no other members", { hash: HASH, parentHash: BLOCK.parentHash, number: "0x10", timestamp: "0x20" }],
		["text", JSON.stringify({ hash: HASH, number: "0x10", parentHash: BLOCK.parentHash, timestamp: "0x20" })],
	])("doesn't spoil a block: %s", async (_what, result) => {
		lie("eth_getBlockByNumber", { result });
		expect(await provider.getBlock(16)).toMatchObject({ hash: HASH, number: 16, timestamp: 32 });
	});

	it("doesn't spoil the log", async () => {
		lie("eth_getLogs", { result: [{ ...LOG, address: ADDRESS.toUpperCase(), removed: "x" }] });
		expect(await provider.getLogs({ fromBlock: 1, toBlock: 16 })).toMatchObject([{ address: ADDRESS, removed: false }]);
	});

	it.each<[string, Answer]>([
		["a limit", { error: { code: -32_005, message: "limit", data: "0x01" } }],
		["text", { result: 'reverted "0x01"' }],
		[
			"another one inside",
			{ error: { code: 3, message: "", data: { data: "0x01", message: "revert", inner: REVERT } } },
		],
	])("doesn't spoil a revert: %s", async (_what, answer) => {
		truth = { ...TRUTH, eth_call: REVERT };
		lie("eth_call", answer);
		await expect(call()).rejects.toMatchObject({ code: "CALL_EXCEPTION", data: "0x01" });
	});

	it("can't alone say that a contract failed", async () => {
		lie("eth_call", { error: { code: -32_000, message: "out of gas", data: { in: REVERT } } });
		nodes[2].answer = () => ({ status: 500, body: "" });
		const error = { code: -32_000, message: "too few nodes have an answer" };
		await expect(call()).rejects.toMatchObject({ data: null, info: { error } });
	});
});
