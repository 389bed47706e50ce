import { describe, expect, it } from "vitest";
import { codedError, hasCode, toRpcError } from "../../src/registry/coded-error.ts";

const REVERT = { code: 3, message: "execution reverted", data: "0x01Ab" };
/** So many objects around the error of a contract. */
const wrap = (depth: number, value: unknown = REVERT): unknown =>
	depth === 0 ? value : { inner: wrap(depth - 1, value) };

describe("a node's or a wallet's error", () => {
	it.each<[string, string, unknown, string, object]>([
		["a refusal by the user", "eth_sendTransaction", { code: 4001 }, "ACTION_REJECTED", {}],
		["the same code for a call", "eth_call", { code: 4001 }, "CALL_EXCEPTION", { data: null }],
		["the same code for another method", "eth_accounts", { code: 4001 }, "UNKNOWN_ERROR", {}],
		["any error of a call", "eth_call", { code: -32_000, message: "out of gas" }, "CALL_EXCEPTION", { data: null }],
		["no error of a call", "eth_call", undefined, "CALL_EXCEPTION", { data: null }],
		["a revert of a call", "eth_call", REVERT, "CALL_EXCEPTION", { data: "0x01Ab" }],
		["a revert of an estimate", "eth_estimateGas", REVERT, "CALL_EXCEPTION", { data: "0x01Ab" }],
		["a revert of a transaction", "eth_sendTransaction", REVERT, "CALL_EXCEPTION", { data: "0x01Ab" }],
		["a revert without data", "eth_estimateGas", { message: "reverted" }, "UNKNOWN_ERROR", {}],
		[
			"a revert with empty data",
			"eth_estimateGas",
			{ message: "Reverted", data: "0x" },
			"CALL_EXCEPTION",
			{ data: "0x" },
		],
		["a revert of another method", "eth_getLogs", REVERT, "UNKNOWN_ERROR", {}],
		["data without a revert", "eth_estimateGas", { message: "no", data: "0x01" }, "UNKNOWN_ERROR", {}],
		["a revert in five objects", "eth_estimateGas", wrap(5), "CALL_EXCEPTION", { data: "0x01Ab" }],
		["a revert in six objects", "eth_estimateGas", wrap(6), "UNKNOWN_ERROR", {}],
		[
			"a revert after another member",
			"eth_estimateGas",
			{ a: null, b: "0x", c: wrap(1) },
			"CALL_EXCEPTION",
			{ data: "0x01Ab" },
		],
		["null", "eth_getLogs", null, "UNKNOWN_ERROR", {}],
	])("is converted: %s of %s", (_, method, error, code, members) => {
		const converted = toRpcError(method, error);
		expect(converted).toBeInstanceOf(Error);
		expect(converted).toMatchObject({ code, info: { error }, ...members });
		if (code !== "CALL_EXCEPTION") expect(converted).not.toHaveProperty("data");
		expect(converted.message).toContain(method);
	});

	it.each(["0x1", "0x01g", " 0x01", "0x01 ", "01", 1, ["0x01"]])("doesn't contain data of a revert in %j", (data) => {
		expect(toRpcError("eth_call", { ...REVERT, data })).toMatchObject({ data: null });
	});
});

it("an error has a code whatever its class", () => {
	expect(hasCode(codedError("BAD_DATA", "bad"), "BAD_DATA")).toBe(true);
	expect(hasCode({ code: "BAD_DATA" }, "BAD_DATA")).toBe(true);
	for (const error of [codedError("SERVER_ERROR", "bad"), {}, null, undefined, "BAD_DATA"]) {
		expect(hasCode(error, "BAD_DATA")).toBe(false);
	}
});
