import { describe, expect, it } from "vitest";
import { keyOf, parseBlock, parseLog } from "../../../src/registry/log/contract-log.ts";

const ADDRESS = "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A";
const HASH = `0x${"aB".repeat(32)}`;
const LOWER = HASH.toLowerCase();
const LOG = {
	address: ADDRESS,
	topics: [HASH],
	data: "0x",
	blockNumber: "0x1f",
	blockHash: HASH,
	transactionHash: HASH,
	logIndex: "0x2",
};
const PARSED = {
	topics: [LOWER],
	data: "0x",
	blockNumber: 31,
	blockHash: LOWER,
	transactionHash: LOWER,
	logIndex: 2,
	removed: false,
};
const BLOCK = { number: "0x1f", hash: HASH, parentHash: HASH };
const BAD_RESPONSE = expect.objectContaining({ code: "registry/bad-response" });

/** Values that aren't 32 bytes in hexadecimal digits. */
const NO_HASHES = [
	null,
	undefined,
	7,
	[HASH],
	"0x",
	HASH.slice(0, -1),
	`${HASH}0`,
	` ${HASH}`,
	`${HASH}\n`,
	HASH.replace("a", "g"),
];
const NO_NUMBERS = [
	null,
	undefined,
	-1,
	0.5,
	2 ** 53,
	"31",
	"-0x1",
	"0x",
	"x0x1",
	"0x1g",
	"0x1.5",
	[1],
	`0x${"1".repeat(14)}`,
];

describe("a log", () => {
	it.each<[string, object, object]>([
		["as JSON-RPC writes it", {}, {}],
		["of an address in lower case", { address: ADDRESS.toLowerCase() }, {}],
		["of an address in upper case", { address: ADDRESS.toUpperCase().replace("X", "x") }, {}],
		["with converted numbers", { blockNumber: 0, logIndex: 0 }, { blockNumber: 0, logIndex: 0 }],
		["with the largest number", { blockNumber: `0x${"f".repeat(13)}` }, { blockNumber: 2 ** 52 - 1 }],
		["without topics", { topics: [] }, { topics: [] }],
		["with four topics", { topics: Array(4).fill(HASH) }, { topics: Array(4).fill(LOWER) }],
		["with data", { data: "0x0aBc" }, { data: "0x0aBc" }],
		["that isn't removed", { removed: false }, {}],
		["that is removed", { removed: true }, { removed: true }],
		["with further members", { blockTimestamp: "0x1", index: 9 }, {}],
	])("%s is parsed", (_, changes, parsed) => {
		expect(parseLog({ ...LOG, ...changes }, ADDRESS)).toEqual({ ...PARSED, ...parsed });
	});

	it.each<[string, readonly unknown[]]>([
		["address", [null, undefined, 7, [ADDRESS], `0x${"12".repeat(20)}`, `${ADDRESS}0`]],
		["topics", [undefined, null, "", {}, Array(5).fill(HASH), ...NO_HASHES.map((topic) => [HASH, topic])]],
		["data", [undefined, null, 0, ["0x"], "", "0x1", "0x12g4", " 0x12", "0x12\n", "00x12"]],
		["removed", [null, "yes", 0]],
		["blockNumber", NO_NUMBERS],
		["logIndex", NO_NUMBERS],
		["blockHash", NO_HASHES],
		["transactionHash", NO_HASHES],
	])("T86: with another kind of value as its %s is an invalid response", (member, values) => {
		for (const value of values) {
			expect(() => parseLog({ ...LOG, [member]: value }, ADDRESS), `${value}`).toThrow(BAD_RESPONSE);
		}
	});

	it("is another one in another block, and at another place of it", () => {
		const places = [
			{ blockHash: "0xaa", logIndex: 1 },
			{ blockHash: "0xaa", logIndex: 2 },
			{ blockHash: "0xab", logIndex: 1 },
		] as const;
		expect(new Set([...places, ...places].map(keyOf)).size).toBe(3);
	});
});

describe("a block", () => {
	it("is parsed", () => {
		expect(parseBlock({ ...BLOCK, timestamp: "0x5" })).toEqual({ number: 31, hash: LOWER, parentHash: LOWER });
	});

	it.each<[string, readonly unknown[]]>([
		["number", NO_NUMBERS],
		["hash", NO_HASHES],
		["parentHash", NO_HASHES],
	])("T86: with another kind of value as its %s is an invalid response", (member, values) => {
		for (const value of values) {
			expect(() => parseBlock({ ...BLOCK, [member]: value }), `${value}`).toThrow(BAD_RESPONSE);
		}
	});
});

it.each([null, undefined, "0x", 7])("T86: %j is neither a log nor a block", (value) => {
	expect(() => parseLog(value, ADDRESS)).toThrow(BAD_RESPONSE);
	expect(() => parseBlock(value)).toThrow(BAD_RESPONSE);
});
