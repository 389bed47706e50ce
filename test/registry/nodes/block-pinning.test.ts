import { describe, expect, it } from "vitest";
import { headTagOf, isComparable, lastBlockOf, pinTo } from "../../../src/registry/nodes/block-pinning.ts";

const payload = (method: string, params: unknown[] | Record<string, unknown>) =>
	({ jsonrpc: "2.0", id: 7, method, params }) as Parameters<typeof headTagOf>[0];

it.each([
	["eth_call", true],
	["eth_getCode", true],
	["eth_getBlockByNumber", true],
	["eth_blockNumber", true],
	["eth_chainId", true],
	["eth_getLogs", true],
	["eth_gasPrice", false],
	["eth_getTransactionReceipt", false],
	["eth_sendRawTransaction", false],
])("of honest nodes, the answers to %s are the same: %j", (method, isSame) => {
	expect(isComparable(payload(method, []))).toBe(isSame);
});

describe("the block that nodes may see differently", () => {
	it.each<[string, unknown[], string | undefined]>([
		["eth_blockNumber", [], "latest"],
		["eth_chainId", [], undefined],
		["eth_gasPrice", ["latest"], undefined],
		["eth_call", [{}, "latest"], "latest"],
		["eth_call", [{}, "safe"], "safe"],
		["eth_call", [{}, "finalized"], "finalized"],
		["eth_call", [{}, null], "latest"],
		["eth_call", [{}], "latest"],
		["eth_call", ["latest", "0x1"], undefined],
		["eth_call", [{}, "earliest"], undefined],
		["eth_getCode", ["0x", "safe"], "safe"],
		["eth_getBlockByNumber", ["safe", false], "safe"],
		["eth_getBlockByNumber", ["0x1", false], undefined],
		["eth_getBlockByNumber", [], "latest"],
		["eth_getLogs", [{}], "latest"],
		["eth_getLogs", [], "latest"],
		["eth_getLogs", [{ fromBlock: "0x1", toBlock: "safe" }], "safe"],
		["eth_getLogs", [{ fromBlock: "safe", toBlock: "0x9" }], "safe"],
		["eth_getLogs", [{ fromBlock: "safe", toBlock: "latest" }], "latest"],
		["eth_getLogs", [{ fromBlock: "0x1", toBlock: "0x9" }], undefined],
		["eth_getLogs", [{ blockHash: "0x", toBlock: "latest" }], undefined],
	])("of %s %j is %s", (method, params, tag) => {
		expect(headTagOf(payload(method, params))).toBe(tag);
	});

	it.each<[string, Record<string, unknown>]>([
		["eth_getLogs", { 0: { toBlock: "safe" } }],
		["eth_getBlockByNumber", { 0: "safe" }],
	])("of %s is the latest if its parameters aren't in a list", (method, params) => {
		expect(headTagOf(payload(method, params))).toBe("latest");
	});
});

describe("a call at a number in place of its tag", () => {
	it.each<[string, unknown[], unknown[]]>([
		["eth_call", [{ to: "0x" }, "latest"], [{ to: "0x" }, "0x9"]],
		["eth_call", [{ to: "0x" }], [{ to: "0x" }, "0x9"]],
		["eth_getCode", ["0xa", "latest"], ["0xa", "0x9"]],
		["eth_getBlockByNumber", ["latest", false], ["0x9", false]],
		["eth_blockNumber", [], []],
		["eth_getLogs", [{ address: "0xa" }], [{ address: "0xa", fromBlock: "0x9", toBlock: "0x9" }]],
		["eth_getLogs", [{ fromBlock: "0x1", toBlock: "latest" }], [{ fromBlock: "0x1", toBlock: "0x9" }]],
		["eth_getLogs", [{ fromBlock: "safe", toBlock: "latest" }], [{ fromBlock: "safe", toBlock: "0x9" }]],
		["eth_getLogs", [{ fromBlock: "latest", toBlock: "0x20" }], [{ fromBlock: "0x9", toBlock: "0x20" }]],
	])("of %s %j has the parameters %j", (method, params, pinned) => {
		const original = payload(method, params);
		const before = structuredClone(original);
		expect(pinTo(original, "latest", "0x9")).toEqual({ ...before, params: pinned });
		expect(original).toEqual(before);
	});
});

it.each<[string, unknown[], unknown]>([
	["eth_getLogs", [{ fromBlock: "0x1", toBlock: "0x9" }], "0x9"],
	["eth_getLogs", [{ fromBlock: "0x1" }], "latest"],
	["eth_getLogs", [], "latest"],
	["eth_getLogs", [{ blockHash: "0x", toBlock: "0x9" }], undefined],
	["eth_call", [{ toBlock: "0x9" }], undefined],
])("the last block of the logs of %s %j is %s", (method, params, block) => {
	expect(lastBlockOf(payload(method, params))).toBe(block);
});
