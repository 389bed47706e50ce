import { describe, expect, it } from "vitest";
import { isRevert, toCanonical, withoutRest } from "../../../src/registry/nodes/canonical-answer.ts";
import type { JsonRpcResponse } from "../../../src/registry/rpc-transport.ts";

const HASH = `0x${"ab".repeat(32)}`;
const OTHER = `0x${"cd".repeat(32)}`;
const BLOCK = { hash: HASH, number: "0x10", parentHash: OTHER, timestamp: "0x20" };
const LOG = {
	...{ address: `0x${"a1".repeat(20)}`, blockHash: HASH, blockNumber: "0x10", data: "0xab", logIndex: "0x1" },
	...{ topics: [HASH, OTHER], transactionHash: OTHER, transactionIndex: "0x2" },
};

const payloadOf = (method: string) => ({ id: 5, jsonrpc: "2.0", method, params: [] }) as const;
const resultOf = (result: unknown): JsonRpcResponse => ({ id: 5, result });
const errorOf = (error: unknown) => ({ id: 5, error }) as JsonRpcResponse;
const revert = (data: unknown, code = 3, message = "execution reverted") => errorOf({ code, message, data });
const reversed = (value: object): object => Object.fromEntries(Object.entries(value).toReversed());

describe("two answers are the same", () => {
	it.each<[string, string, JsonRpcResponse, JsonRpcResponse]>([
		["their digits differ in case only", "eth_call", resultOf("0xaB"), resultOf("0XAb")],
		["nothing is missing or null", "eth_call", resultOf(null), resultOf(undefined)],
		[
			"two blocks differ in what isn't compared",
			"eth_getBlockByNumber",
			resultOf(BLOCK),
			resultOf({ ...BLOCK, size: 1 }),
		],
		["a block's members are in another order", "eth_getBlockByNumber", resultOf(BLOCK), resultOf(reversed(BLOCK))],
		["two logs differ in what isn't compared", "eth_getLogs", resultOf([LOG]), resultOf([{ ...LOG, removed: true }])],
		["a log's members are in another order", "eth_getLogs", resultOf([LOG]), resultOf([reversed(LOG)])],
		["both revert with the same data", "eth_call", revert("0xaB"), revert("0xAb", -32_000, "VM exception")],
		["one wraps the data", "eth_call", revert("0x01"), revert({ data: "0x01", message: "x" }, -32_603, "x")],
		["both revert without data", "eth_call", revert(undefined), errorOf({ code: -32_015, message: "VM" })],
		["one has other data that is no hexadecimal", "eth_call", revert(undefined), revert("Reverted", 3, "")],
		["one only says in words that it reverts", "eth_call", revert(null), errorOf({ code: 1, message: "it ReVerts" })],
	])("if %s", (_, method, one, other) => {
		const said = toCanonical(payloadOf(method), one);
		expect(said).toEqual(expect.any(String));
		expect(toCanonical(payloadOf(method), other)).toBe(said);
	});
});

describe("two answers differ", () => {
	it.each(Object.keys(BLOCK))("if two blocks differ in %s", (name) => {
		const payload = payloadOf("eth_getBlockByNumber");
		const said = toCanonical(payload, resultOf(BLOCK));
		expect(toCanonical(payload, resultOf({ ...BLOCK, [name]: "0x99" }))).not.toBe(said);
		expect(toCanonical(payload, resultOf({ ...BLOCK, [name]: undefined }))).not.toBe(said);
	});

	it.each(Object.keys(LOG))("if two logs differ in %s", (name) => {
		const payload = payloadOf("eth_getLogs");
		const said = toCanonical(payload, resultOf([LOG]));
		expect(toCanonical(payload, resultOf([{ ...LOG, [name]: "0x99" }]))).not.toBe(said);
		expect(toCanonical(payload, resultOf([{ ...LOG, [name]: undefined }]))).not.toBe(said);
	});

	it.each<[string, string, JsonRpcResponse, JsonRpcResponse]>([
		["two calls have other results", "eth_call", resultOf("0x01"), resultOf("0x02")],
		["one is an object, which calls have whole", "eth_call", resultOf({ a: 1 }), resultOf({ a: 2 })],
		["one is the text of the other", "eth_getBlockByNumber", resultOf(BLOCK), resultOf(JSON.stringify(BLOCK))],
		["one is a list that contains the other", "eth_call", resultOf("0x01"), resultOf(["0x01"])],
		["one has nothing", "eth_getLogs", resultOf([]), resultOf(null)],
		["they are equal in upper case only", "eth_call", resultOf("ß"), resultOf("ss")],
		["they revert with data equal in upper case only", "eth_call", revert("0xß"), revert("0xss")],
		["they revert with other data", "eth_call", revert("0x01"), revert("0x02")],
		["one reverts without data", "eth_call", revert("0x01"), revert(undefined)],
		["one is the text of a revert", "eth_call", revert("0x01"), resultOf('reverted "0x01"')],
		["one is the text of a revert without data", "eth_call", revert(undefined), resultOf("reverted undefined")],
	])("if %s", (_, method, one, other) => {
		expect(toCanonical(payloadOf(method), one)).not.toBe(toCanonical(payloadOf(method), other));
	});
});

describe("an error", () => {
	it.each<[string, unknown]>([
		["of a limit", { code: -32_005, message: "limit exceeded" }],
		["with data that isn't hexadecimal", { code: -32_000, message: "no", data: "x0x01" }],
		["with a number as data", { code: -32_000, message: "no", data: 1 }],
		["with null as data", { code: -32_000, message: "no", data: null }],
		["with an object without data", { code: -32_000, message: "no", data: { message: "0x01" } }],
		["with an object with other data", { code: -32_000, message: "no", data: { data: ["0x01"] } }],
		["with an object in the object", { code: -32_000, message: "no", data: { data: { data: "0x01" } } }],
		["whose code is text", { code: "3", message: "no" }],
		["that is text", "revert"],
		["that is null", null],
	])("%s says nothing about the chain", (_, error) => {
		expect(isRevert(errorOf(error))).toBe(false);
		expect(toCanonical(payloadOf("eth_call"), errorOf(error))).toBeUndefined();
	});

	it.each<[string, object]>([
		["the code 3", { code: 3, message: "" }],
		["the code -32015", { code: -32_015 }],
		["data", { code: 1, message: "no", data: "0X" }],
		["wrapped data", { code: 1, message: "no", data: { data: "0x01" } }],
		["the word in its message", { code: 1, message: "VM Exception: REVERT" }],
	])("is a revert by %s", (_, error) => {
		expect(isRevert(errorOf(error))).toBe(true);
	});

	it("is none in a result", () => {
		expect(isRevert(resultOf("reverted"))).toBe(false);
	});
});

describe("of an answer that counts, there is left", () => {
	const left = (method: string, response: JsonRpcResponse): unknown => withoutRest(payloadOf(method), response);

	it.each<[string, unknown, string | undefined]>([
		["0x01", "0x01", "0x01"],
		["wrapped", { data: "0x01", message: "x", inner: revert("0x02") }, "0x01"],
		["none", undefined, undefined],
		["others", { inner: "0x02" }, undefined],
	])("the data of a revert: %s", (_, data, expected) => {
		expect(left("eth_call", revert(data, -32_603, "secret"))).toEqual({
			id: 5,
			error: { code: 3, message: "execution reverted", data: expected },
		});
	});

	it("text in lower case, also in lists and objects", () => {
		expect(left("eth_call", { ...resultOf("0XaB"), extra: 1 } as never)).toEqual({ id: 5, result: "0xab" });
		expect(left("eth_call", resultOf({ Name: ["0xAB", 7, null] }))).toEqual({
			id: 5,
			result: { Name: ["0xab", 7, null] },
		});
		expect(left("eth_getLogs", resultOf([{ ...LOG, address: LOG.address.toUpperCase(), removed: "x" }]))).toEqual({
			id: 5,
			result: [LOG],
		});
	});

	it("of a block what was compared, and the base fee; the rest is what ethers requires", () => {
		const rest = { difficulty: "0x0", gasLimit: "0x0", gasUsed: "0x0", extraData: "0x", transactions: [] };
		const odd = { ...BLOCK, difficulty: "x", miner: "x", transactions: ["0x"] };
		expect(left("eth_getBlockByNumber", resultOf(odd))).toEqual({ id: 5, result: { ...rest, ...BLOCK } });
		const fee = `0x${"f".repeat(64)}`;
		const withFee = { id: 5, result: { ...rest, ...BLOCK, baseFeePerGas: fee } };
		expect(left("eth_getBlockByNumber", resultOf({ ...odd, baseFeePerGas: fee }))).toEqual(withFee);
		for (const wrong of ["0x", "0xg", "0x1g", "x0x1", "1", `${fee}0`, 5, ["0x1"], null]) {
			const { result } = left("eth_getBlockByNumber", resultOf({ ...odd, baseFeePerGas: wrong })) as { result: object };
			expect(result).not.toHaveProperty("baseFeePerGas");
		}
	});

	it.each([null, undefined, "text", 7])("no block if there was none: %s", (result) => {
		expect(left("eth_getBlockByNumber", resultOf(result))).toEqual({ id: 5, result: result ?? null });
	});
});
