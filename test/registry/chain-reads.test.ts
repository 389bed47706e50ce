import { describe, expect, it } from "vitest";
import {
	callContract,
	type EthersProvider,
	readBlock,
	readChainId,
	readCode,
	readLatestNumber,
	readLogs,
	toWalletSender,
} from "../../src/registry/chain-reads.ts";

const ADDRESS = "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A";
const HASH = `0x${"ab".repeat(32)}`;
const BLOCK = { number: "0x10", timestamp: "0x20", hash: HASH, parentHash: HASH };

/** A wallet that gives one answer, and what it was asked. */
function wallet(answer: unknown) {
	const asked: { method: string; params: unknown }[] = [];
	const sender = toWalletSender({
		request: async ({ method, params }) => {
			asked.push({ method, params });
			if (answer instanceof Error) throw answer;
			return answer;
		},
	});
	return { sender, asked };
}

/** A provider of ethers, of which only one method is used. */
const ethers = (name: keyof EthersProvider, method: (...args: never[]) => unknown): EthersProvider =>
	({ [name]: method }) as unknown as EthersProvider;

describe("the chain id", () => {
	it("is a number", async () => {
		const { sender, asked } = wallet("0x7a69");
		expect(await readChainId(sender)).toBe(31_337);
		expect(asked).toEqual([{ method: "eth_chainId", params: [] }]);
		expect(await readChainId(wallet("1").sender)).toBe(1);
		expect(await readChainId(ethers("getNetwork", async () => ({ chainId: 31_337n })))).toBe(31_337);
	});

	it.each([null, 1, ["0x1"], "", "0x", "0x0", "-1", "1.5", "x", `0x${"f".repeat(14)}`])("isn't %j", async (answer) => {
		await expect(readChainId(wallet(answer).sender)).rejects.toMatchObject({ code: "registry/bad-response" });
	});
});

describe("the code of a contract", () => {
	it("is in lower case", async () => {
		const { sender, asked } = wallet("0xABcd");
		expect(await readCode(sender, ADDRESS)).toBe("0xabcd");
		expect(asked).toEqual([{ method: "eth_getCode", params: [ADDRESS.toLowerCase(), "latest"] }]);
		expect(await readCode(wallet("0x").sender, ADDRESS)).toBe("0x");
		expect(
			await readCode(
				ethers("getCode", async (address: string) => address),
				ADDRESS,
			),
		).toBe(ADDRESS);
	});

	it.each([null, 1, "", "0xabc", "0xabcg", " 0xab", "0xab ", ["0xab"]])("isn't %j", async (answer) => {
		await expect(readCode(wallet(answer).sender, ADDRESS)).rejects.toMatchObject({ code: "BAD_DATA" });
	});
});

it.each<[string | number, string]>([
	["latest", "latest"],
	[255, "0xff"],
])("a contract is called at the block %j", async (blockTag, block) => {
	const call = { to: ADDRESS, data: "0x01" };
	const { sender, asked } = wallet("0x02");
	expect(await callContract(sender, { ...call, blockTag })).toBe("0x02");
	expect(asked).toEqual([{ method: "eth_call", params: [call, block] }]);
	const echo = ethers("call", async (transaction) => JSON.stringify(transaction));
	expect(await callContract(echo, { ...call, blockTag })).toBe(JSON.stringify({ ...call, blockTag }));
});

describe("the last block's number", () => {
	it("is a number", async () => {
		const { sender, asked } = wallet("0x10");
		expect(await readLatestNumber(sender)).toBe(16);
		expect(asked).toEqual([{ method: "eth_blockNumber", params: [] }]);
		expect(await readLatestNumber(ethers("getBlockNumber", async () => 16))).toBe(16);
	});

	it.each([null, 16, "16", "0x", "0x1g", " 0x1", ["0x1"], `0x${"1".repeat(14)}`])("isn't %j", async (answer) => {
		await expect(readLatestNumber(wallet(answer).sender)).rejects.toMatchObject({ code: "BAD_DATA" });
	});
});

describe("a block", () => {
	it.each<[string | number, string]>([
		["safe", "safe"],
		[16, "0x10"],
	])("is read by %j", async (blockTag, block) => {
		const { sender, asked } = wallet({ ...BLOCK, transactions: [] });
		expect(await readBlock(sender, blockTag)).toEqual({ ...BLOCK, number: 16, timestamp: 32 });
		expect(asked).toEqual([{ method: "eth_getBlockByNumber", params: [block, false] }]);
		expect(
			await readBlock(
				ethers("getBlock", async (tag) => tag),
				blockTag,
			),
		).toBe(blockTag);
	});

	it("is null if the node doesn't have it", async () => {
		expect(await readBlock(wallet(null).sender, 16)).toBeNull();
	});

	it.each([undefined, "0x", [], { number: "0x10" }, { timestamp: "0x20" }, { ...BLOCK, number: 16 }])(
		"isn't %j",
		async (answer) => {
			await expect(readBlock(wallet(answer).sender, 16)).rejects.toMatchObject({ code: "BAD_DATA" });
		},
	);
});

describe("logs", () => {
	it("are read of a range of blocks", async () => {
		const { sender, asked } = wallet([{ data: "0x" }]);
		expect(await readLogs(sender, { address: ADDRESS, fromBlock: 1, toBlock: "latest" })).toEqual([{ data: "0x" }]);
		const filter = { address: ADDRESS.toLowerCase(), fromBlock: "0x1", toBlock: "latest" };
		expect(asked).toEqual([{ method: "eth_getLogs", params: [filter] }]);
	});

	it("of ethers have the index as JSON-RPC names it", async () => {
		const filter = { address: ADDRESS, fromBlock: 1, toBlock: "latest" };
		const provider = ethers("getLogs", async (given: object) => [{ index: 7, ...given }]);
		expect(await readLogs(provider, filter)).toEqual([{ logIndex: 7, ...filter }]);
	});

	it.each([null, {}, "0x"])("aren't %j", async (answer) => {
		const filter = { address: ADDRESS, fromBlock: 1, toBlock: 2 };
		await expect(readLogs(wallet(answer).sender, filter)).rejects.toMatchObject({ code: "BAD_DATA" });
	});
});

it("a wallet's error is converted, with what it says alone", async () => {
	const error = Object.assign(new Error("execution reverted"), { code: 3, data: "0x01", secret: 1 });
	await expect(wallet(error).sender.send("eth_call", [])).rejects.toMatchObject({
		code: "CALL_EXCEPTION",
		data: "0x01",
		info: { error: { code: 3, message: "execution reverted", data: "0x01" } },
	});
	const other = Object.assign(new Error("no"), { secret: 1 });
	await expect(wallet(other).sender.send("eth_accounts", [])).rejects.toMatchObject({
		info: { error: expect.not.objectContaining({ secret: 1 }) },
	});
});
