import { describe, expect, it } from "vitest";
import { parseReceipt } from "../../src/registry/receipt.ts";

const HASH = `0x${"ab".repeat(32)}`;
const LOG = { address: `0x${"11".repeat(20)}`, topics: [HASH], data: "0x" };
const RECEIPT = { status: "0x1", blockNumber: "0x10", gasUsed: "0x5208", contractAddress: null, logs: [LOG] };
const PARSED = { hash: HASH, blockNumber: 16, gasUsed: 21_000n, contractAddress: null, logs: [LOG] };

describe("a receipt", () => {
	it.each<[string, object, object]>([
		["of a call", {}, {}],
		["of a deployment", { contractAddress: "0xABcd" }, { contractAddress: "0xABcd" }],
		["without the address of a contract", { contractAddress: undefined }, {}],
		["without logs", { logs: [] }, { logs: [] }],
		["with further members", { type: "0x2" }, {}],
		["with further members of a log", { logs: [{ ...LOG, removed: false }] }, {}],
	])("%s is parsed", (_, changes, parsed) => {
		expect(parseReceipt(HASH, { ...RECEIPT, ...changes })).toEqual({ ...PARSED, ...parsed });
	});

	it("that says that the transaction failed is an exception of the contract", () => {
		const error = { code: "CALL_EXCEPTION", data: null };
		expect(() => parseReceipt(HASH, { ...RECEIPT, status: "0x0" })).toThrow(expect.objectContaining(error));
	});

	it.each<[string, unknown]>([
		["nothing", null],
		["a text", "0x1"],
		...["status", "blockNumber", "gasUsed", "logs"].map((name): [string, unknown] => [
			`without ${name}`,
			{ ...RECEIPT, [name]: undefined },
		]),
		["with another status", { ...RECEIPT, status: "0x2" }],
		["with a number in place of the status", { ...RECEIPT, status: 1 }],
		["with an odd number of its block", { ...RECEIPT, blockNumber: "16" }],
		["with odd gas", { ...RECEIPT, gasUsed: -1 }],
		["with an odd address of a contract", { ...RECEIPT, contractAddress: "x0x1" }],
		["with an odd end of an address", { ...RECEIPT, contractAddress: "0x1x" }],
		["with an odd log", { ...RECEIPT, logs: [{}] }],
		["with an odd topic", { ...RECEIPT, logs: [{ ...LOG, topics: ["77"] }] }],
		["with odd data", { ...RECEIPT, logs: [{ ...LOG, data: "" }] }],
	])("%s is invalid", (_, value) => {
		expect(() => parseReceipt(HASH, value)).toThrow(expect.objectContaining({ code: "BAD_DATA" }));
	});
});
