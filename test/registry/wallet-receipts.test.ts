/** How a wallet's account sends a transaction and waits for its receipt, with a wallet that answers as it is told. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SentTransaction } from "../../src/registry/transaction-account.ts";
import { createWalletAccount } from "../../src/registry/wallet-account.ts";

const FROM = `0x${"a1".repeat(20)}`;
const HASH = `0x${"ab".repeat(32)}`;
const TRANSACTION = { to: `0x${"b2".repeat(20)}`, data: "0x1234", chainId: "0x7a69" } as const;
const RECEIPT = { status: "0x1", blockNumber: "0x2", gasUsed: "0x5208", contractAddress: null, logs: [] };
const MINED = { hash: HASH, blockNumber: 2, gasUsed: 21_000n, contractAddress: null, logs: [] };
/** The requests of one poll. */
const TRANSACTION_OF = ["eth_getTransactionByHash", [HASH]];
const COUNT_OF = ["eth_getTransactionCount", [FROM, "latest"]];
const RECEIPT_OF = ["eth_getTransactionReceipt", [HASH]];

/** What the wallet is asked, with the parameters. */
let asked: unknown[];
/** What it answers to each method: one after the other, then the last one again. */
let answers: Record<string, readonly unknown[]>;
beforeEach(() => {
	vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"], now: 0 });
	asked = [];
	answers = { eth_sendTransaction: [HASH], eth_getTransactionByHash: [{ nonce: "0x5" }] };
});
afterEach(() => void vi.useRealTimers());

function createAccount() {
	const counts = new Map<string, number>();
	const request = async ({ method, params }: { method: string; params?: unknown }): Promise<unknown> => {
		asked.push([method, params]);
		const count = counts.get(method) ?? 0;
		counts.set(method, count + 1);
		return answers[method]?.[Math.min(count, (answers[method]?.length ?? 0) - 1)] ?? null;
	};
	return createWalletAccount({ request }, FROM);
}

/** Sends a transaction; `asked` has what the wallet is asked from then on. */
async function send(): Promise<SentTransaction> {
	const sent = await createAccount().sendTransaction(TRANSACTION);
	asked.length = 0;
	return sent;
}

/** What a wait comes to after so many milliseconds: an array with its result, or an error; nothing if it goes on. */
async function resultAfter(ms: number, waiting: Promise<unknown>): Promise<unknown> {
	let result: unknown;
	waiting.then(
		(value) => {
			result = [value];
		},
		(error) => {
			result = error;
		},
	);
	await vi.advanceTimersByTimeAsync(ms);
	return result;
}

describe("a transaction", () => {
	it("is shown to the user after the wallet has found that it wouldn't revert", async () => {
		const { hash } = await createAccount().sendTransaction(TRANSACTION);
		expect(hash).toBe(HASH);
		const transaction = { from: FROM, ...TRANSACTION };
		expect(asked).toEqual([
			["eth_estimateGas", [transaction]],
			["eth_sendTransaction", [transaction]],
		]);
	});

	it.each([HASH, `0x${"aB".repeat(32)}`])("may have the hash %s", async (hash) => {
		answers["eth_sendTransaction"] = [hash];
		expect((await createAccount().sendTransaction(TRANSACTION)).hash).toBe(hash);
	});

	it.each<[string, unknown]>([
		["nothing", null],
		["a number", 1],
		["a list of a hash", [HASH]],
		["no digits", "0x"],
		["a digit less", HASH.slice(0, -1)],
		["a digit more", `${HASH}0`],
		["another letter", HASH.replace("a", "g")],
		["other letters", `0x${"gh".repeat(32)}`],
		["space before it", ` ${HASH}`],
		["space after it", `${HASH} `],
	])("can't have as its hash %s", async (_, hash) => {
		answers["eth_sendTransaction"] = [hash];
		await expect(createAccount().sendTransaction(TRANSACTION)).rejects.toMatchObject({ code: "BAD_DATA" });
	});
});

describe("an account", () => {
	const request = async (): Promise<unknown> => null;

	it.each([FROM, FROM.toUpperCase().replace("X", "x"), `0x${"0f".repeat(20)}`])(
		"may have the address %s",
		(address) => {
			expect(createWalletAccount({ request }, address)).toHaveProperty("sendTransaction");
		},
	);

	it.each<[string, unknown]>([
		["a digit less", FROM.slice(0, -1)],
		["a digit more", `${FROM}0`],
		["another letter", FROM.replace("a", "g")],
		["other letters", `0x${"gh".repeat(20)}`],
		["no 0x", FROM.slice(2)],
		["space before it", ` ${FROM}`],
		["space after it", `${FROM} `],
		["a list of one", [FROM]],
		["nothing", undefined],
	])("can't have as its address %s", (_, address) => {
		const message = expect.stringContaining("an address, got ");
		const error = expect.objectContaining({ code: "config/invalid-option", details: { option: "address" }, message });
		expect(() => createWalletAccount({ request }, address as string)).toThrow(error);
	});

	it.each([undefined, null, {}, { request: "eth_accounts" }])("can't be of the wallet %j", (wallet) => {
		const error = expect.objectContaining({ code: "config/invalid-option", details: { option: "wallet" } });
		expect(() => createWalletAccount(wallet as never, FROM)).toThrow(error);
	});

	it("is on the chain that the wallet names", async () => {
		answers["eth_chainId"] = ["0x64"];
		expect(await createAccount().provider?.getNetwork()).toEqual({ chainId: 100n });
		expect(asked).toEqual([["eth_chainId", []]]);
	});
});

describe("a receipt", () => {
	it("is asked for every second until it is there", async () => {
		answers["eth_getTransactionCount"] = ["0x5"];
		answers["eth_getTransactionReceipt"] = [null, null, RECEIPT];
		const waiting = (await send()).wait(1, 60_000);
		expect(await resultAfter(999, waiting)).toBeUndefined();
		expect(asked).toEqual([TRANSACTION_OF, COUNT_OF, RECEIPT_OF]);
		expect(await resultAfter(1_000, waiting)).toBeUndefined();
		expect(await resultAfter(1, waiting)).toEqual([MINED]);
		expect(asked).toEqual([TRANSACTION_OF, COUNT_OF, RECEIPT_OF, COUNT_OF, RECEIPT_OF, COUNT_OF, RECEIPT_OF]);
	});

	it("is asked for alone as long as the wallet doesn't know the transaction", async () => {
		answers["eth_getTransactionByHash"] = [null, { nonce: null }, { nonce: "0x5" }];
		answers["eth_getTransactionReceipt"] = [null, null, null, RECEIPT];
		expect(await resultAfter(3_000, (await send()).wait(1, 60_000))).toEqual([MINED]);
		const unknown = [TRANSACTION_OF, RECEIPT_OF];
		expect(asked).toEqual([...unknown, ...unknown, TRANSACTION_OF, COUNT_OF, RECEIPT_OF, COUNT_OF, RECEIPT_OF]);
	});

	it("counts even if the nonce is used by then", async () => {
		answers["eth_getTransactionCount"] = ["0x6"];
		answers["eth_getTransactionReceipt"] = [RECEIPT];
		expect(await resultAfter(0, (await send()).wait(1, 60_000))).toEqual([MINED]);
	});

	it("is no longer waited for if another transaction has the nonce", async () => {
		answers["eth_getTransactionCount"] = ["0x5", "0x6"];
		const waiting = (await send()).wait(1, 60_000);
		expect(await resultAfter(999, waiting)).toBeUndefined();
		expect(await resultAfter(1, waiting)).toMatchObject({ code: "TRANSACTION_REPLACED" });
	});

	it.each(["0x0", "0x4", null, "six", 6])("is waited for if the wallet says that %j nonces are used", async (count) => {
		answers["eth_getTransactionCount"] = [count];
		answers["eth_getTransactionReceipt"] = [null, RECEIPT];
		expect(await resultAfter(1_000, (await send()).wait(1, 60_000))).toEqual([MINED]);
	});

	it("of a transaction that failed is an exception of the contract, and an odd one is invalid", async () => {
		const { wait } = await send();
		answers["eth_getTransactionReceipt"] = [{ status: "0x0" }];
		expect(await resultAfter(0, wait(1, 60_000))).toMatchObject({ code: "CALL_EXCEPTION" });
		answers["eth_getTransactionReceipt"] = [{}];
		expect(await resultAfter(0, wait(1, 60_000))).toMatchObject({ code: "BAD_DATA" });
	});

	it("isn't asked for any more once the time is over", async () => {
		const waiting = (await send()).wait(1, 3_000);
		expect(await resultAfter(2_999, waiting)).toBeUndefined();
		expect(await resultAfter(1, waiting)).toEqual([null]);
		await vi.advanceTimersByTimeAsync(60_000);
		expect(asked.filter((request) => Object(request)[0] === "eth_getTransactionReceipt")).toHaveLength(3);
	});
});
