/**
 * Faults of a node in what it says about the chain: the contract's results, blocks, logs.
 * @module
 */
import type { Answer } from "../../test/support/fake-node.ts";
import { answerAt } from "../../test/support/lagging-node.ts";
import { type Chain, type NodeFault, on } from "./node-fault.ts";

const WORD = 64;
/** Long enough for everything, but of another contract. */
const OTHER_CODE = `0x${"6080604052".repeat(50)}`;
const OTHER_ADDRESS = `0x${"0c".repeat(20)}`;
const OTHER_BLOCKS = 20;

/** Another result of each call of a contract. */
function called(result: unknown): NonNullable<NodeFault["answer"]> {
	return on("eth_call", () => ({ result }));
}

/** Changes the text of the contract's result. */
function changed(method: string, change: (result: never, chain: Chain) => unknown): NonNullable<NodeFault["answer"]> {
	return on(method, async (params, chain) => {
		const answer = await chain.honest(method, params);
		return "result" in answer ? { result: change(answer.result as never, chain) } : answer;
	});
}

function reverts(data: string): NonNullable<NodeFault["answer"]> {
	return on("eth_call", () => ({ error: { code: 3, message: "execution reverted", data } }));
}

/** The state of an earlier block. */
function behind(blocks: number): NonNullable<NodeFault["answer"]> {
	return ({ method, params }, { head, rpcUrl }) => answerAt(head - blocks, rpcUrl, method, params);
}

const RESULTS: readonly NodeFault[] = [
	{ name: "the result `0x`", answer: called("0x") },
	{ name: "a result that isn't hex", answer: called("hello") },
	{ name: "a number as result", answer: called(1) },
	{ name: "an object as result", answer: called({}) },
	{ name: "half of the result", answer: changed("eth_call", (hex: string) => hex.slice(0, hex.length >> 1)) },
	{ name: "a result that is one word short", answer: changed("eth_call", (hex: string) => hex.slice(0, -WORD)) },
	{ name: "a result that is one digit short", answer: changed("eth_call", (hex: string) => hex.slice(0, -1)) },
	{ name: "a result with 1 KiB after it", answer: changed("eth_call", (hex: string) => hex + "00".repeat(1_024)) },
	{ name: "a result of 1 MiB of zeros", answer: called(`0x${"00".repeat(2 ** 20)}`) },
	{ name: "a result of 1 KiB of zeros", answer: called(`0x${"00".repeat(1_024)}`) },
	{ name: "huge numbers as result", answer: called(`0x${"ff".repeat(1_024)}`) },
	{ name: "a revert without data", answer: reverts("0x") },
	{ name: "a revert with a reason", answer: reverts(`0x08c379a0${"20".padStart(WORD, "0")}${"0".repeat(WORD)}`) },
	{ name: "out of gas", answer: on("eth_call", () => ({ error: { code: -32_000, message: "out of gas" } })) },
];

const IDENTITY: readonly NodeFault[] = [
	{ name: "another chain", answer: on("eth_chainId", () => ({ result: "0x1" })) },
	{ name: "a chain id that isn't hex", answer: on("eth_chainId", () => ({ result: "main" })) },
	{ name: "the chain id `0x`", answer: on("eth_chainId", () => ({ result: "0x" })) },
	{ name: "a chain id of 30 digits", answer: on("eth_chainId", () => ({ result: `0x${"f".repeat(30)}` })) },
	{
		name: "a chain without the contract",
		answer: ({ method }) => (method === "eth_getCode" || method === "eth_call" ? { result: "0x" } : undefined),
	},
	{ name: "no code, but the contract's results", answer: on("eth_getCode", () => ({ result: "0x" })) },
	{
		name: "another contract",
		answer: ({ method }) =>
			method === "eth_getCode" ? { result: OTHER_CODE } : method === "eth_call" ? { result: "0x" } : undefined,
	},
	{
		name: "other code, but the contract's results",
		answer: on("eth_getCode", () => ({ result: OTHER_CODE })),
	},
	{
		name: "half of the code",
		answer: changed("eth_getCode", (hex: string) => hex.slice(0, 100)),
	},
	{ name: "code that isn't hex", answer: on("eth_getCode", () => ({ result: "none" })) },
];

const BLOCKS: readonly NodeFault[] = [
	{ name: "is behind by 1 block", answer: behind(1) },
	{ name: "is behind by 100 blocks", answer: behind(100) },
	{
		name: "is behind by 100 blocks in every other response",
		answer: (call, chain) => (chain.turn % 2 === 0 ? behind(100)?.(call, chain) : undefined),
	},
	{ name: "has another branch of 20 blocks", answer: branch(0) },
	{ name: "has another, shorter branch of 20 blocks", answer: branch(5) },
	{ name: "knows no block (`null`)", answer: on("eth_getBlockByNumber", () => ({ result: null })) },
	{
		name: "knows no block but the latest",
		answer: on("eth_getBlockByNumber", ([block]) => (block === "latest" ? undefined : { result: null })),
	},
	{
		name: "claims a block in the far future",
		answer: changed("eth_getBlockByNumber", (block: object) => ({ ...block, number: "0xffffffffff" })),
	},
	{
		name: "has blocks without hashes",
		answer: changed("eth_getBlockByNumber", ({ hash: _, ...rest }: { hash: string }) => rest),
	},
	{ name: "has lost its logs", answer: on("eth_getLogs", () => ({ result: [] })) },
	{
		name: "refuses logs",
		answer: on("eth_getLogs", () => ({ error: { code: -32_602, message: "the block range is too large" } })),
	},
	{
		name: "refuses logs with -32005",
		answer: on("eth_getLogs", () => ({ error: { code: -32_005, message: "query exceeds max results" } })),
	},
	{
		name: "doesn't support logs",
		answer: on("eth_getLogs", () => ({ error: { code: -32_601, message: "no such method" } })),
	},
	{ name: "sends logs of another contract", answer: logs((log) => ({ ...log, address: OTHER_ADDRESS })) },
	{ name: "sends logs of other blocks", answer: logs((log) => ({ ...log, blockNumber: "0x1" })) },
	{ name: "sends logs without topics", answer: logs((log) => ({ ...log, topics: [] })) },
	{ name: "sends logs with unreadable data", answer: logs((log) => ({ ...log, data: "0x" })) },
	{ name: "sends removed logs", answer: logs((log) => ({ ...log, removed: true })) },
	{
		name: "sends 2,000 logs twice",
		answer: changed("eth_getLogs", (all: readonly object[]) => Array(2_000).fill(all).flat()),
	},
];

/** The faults. */
export const CHAIN_FAULTS: readonly NodeFault[] = [...RESULTS, ...IDENTITY, ...BLOCKS];

function logs(change: (log: Readonly<Record<string, unknown>>) => object): NonNullable<NodeFault["answer"]> {
	return changed("eth_getLogs", (all: readonly Readonly<Record<string, unknown>>[]) => all.map(change));
}

/** The same state after other last blocks, as after a reorganization. */
function branch(shorterBy: number): NonNullable<NodeFault["answer"]> {
	return async (call, chain) => {
		const { head, rpcUrl } = chain;
		const answer: Answer = await answerAt(head - shorterBy, rpcUrl, call.method, call.params);
		if (!("result" in answer)) return answer;
		const first = head - OTHER_BLOCKS + 1;
		const { method } = call;
		if (method === "eth_getBlockByNumber") return { result: answer.result && rename(answer.result as Hashes, first) };
		if (method !== "eth_getLogs") return answer;
		return { result: (answer.result as readonly Hashes[]).map((log) => rename(log, first)) };
	};
}

/** The members of a block or a log that change with its branch. */
type Hashes = Readonly<Partial<Record<"hash" | "parentHash" | "blockHash" | "number" | "blockNumber", string>>>;

function rename(original: Hashes, first: number): object {
	const { number, blockNumber, hash, parentHash, blockHash } = original;
	const at = Number(number ?? blockNumber);
	return {
		...original,
		...(at >= first && { hash: renamed(hash), blockHash: renamed(blockHash) }),
		...(at > first && { parentHash: renamed(parentHash) }),
	};
}

function renamed(hash: string | undefined): string | undefined {
	return hash && `0x${"ee".repeat(8)}${hash.slice(18)}`;
}
