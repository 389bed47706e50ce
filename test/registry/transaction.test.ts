import { AbiCoder, Interface } from "ethers";
import { describe, expect, it, vi } from "vitest";
import { ORGID_V3_ABI } from "../../src/registry/adapters/orgid-abi.ts";
import { orgIdV3 } from "../../src/registry/adapters/orgid-v3.ts";
import { orgpass } from "../../src/registry/adapters/orgpass.ts";
import { orgIdRegistryAbi } from "../../src/registry/orgid-registry.contract.ts";
import { sendTransaction } from "../../src/registry/transaction.ts";
import type { MinedTransaction, SentTransaction, TransactionData } from "../../src/registry/transaction-account.ts";
import { isWaiting, pass, until } from "../support/patient-timers.ts";

const CONTRACT = "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A";
const ORG_ID = `0x${"0a".repeat(32)}` as const;
const HASH = `0x${"ab".repeat(32)}`;
const TARGET = { to: CONTRACT, chainId: "0x7a69" } as const;
const abi = new Interface(orgIdRegistryAbi);
const v3 = new Interface(ORGID_V3_ABI);
const RECEIPT: MinedTransaction = { hash: HASH, blockNumber: 7, gasUsed: 21_000n, contractAddress: null, logs: [] };
const CREATED = { address: CONTRACT.toLowerCase(), ...abi.encodeEventLog("OrganizationCreated", [ORG_ID, CONTRACT]) };

const fail = (members: object): Error => Object.assign(new Error("no"), members);
const revert = (data: string | null | undefined): Error => fail({ code: "CALL_EXCEPTION", data });
const reason = (text: string): string => `0x08c379a0${AbiCoder.defaultAbiCoder().encode(["string"], [text]).slice(2)}`;

interface Options {
	/** The failures of its attempts, in order. */
	readonly failures?: readonly Error[];
	readonly wait?: SentTransaction["wait"];
	readonly sendTimeoutMs?: number;
	readonly adapter?: typeof orgpass;
}

/** Revokes all keys, by an account that can fail. */
function revokeAll({ failures = [], wait = async () => RECEIPT, sendTimeoutMs, adapter = orgpass }: Options) {
	const sent: TransactionData[] = [];
	const account = {
		provider: null,
		...(sendTimeoutMs !== undefined && { sendTimeoutMs }),
		sendTransaction: async (transaction: TransactionData): Promise<SentTransaction> => {
			sent.push(transaction);
			const failure = failures[sent.length - 1];
			if (failure !== undefined) throw failure;
			return { hash: HASH, wait };
		},
	};
	const [name, args] =
		adapter === orgpass ? ["revokeAllKeys", [ORG_ID]] : ["setOrgJson", [ORG_ID, "https://a.example/"]];
	return { sent, outcome: sendTransaction(account, TARGET, adapter, name as string, args as unknown[]) };
}

describe("a transaction", () => {
	it("calls the contract on its chain, and has the contract's own events", async () => {
		const other = { ...CREATED, address: `0x${"12".repeat(20)}` };
		const unknown = { ...CREATED, topics: [HASH] };
		const odd = { ...CREATED, topics: CREATED.topics.slice(0, 1) };
		const wait = vi.fn(async () => ({ ...RECEIPT, logs: [other, unknown, odd, CREATED] }));
		const { sent, outcome } = revokeAll({ wait });
		const { events, ...receipt } = await outcome;
		expect(receipt).toEqual({ transactionHash: HASH, gasUsed: 21_000n, blockNumber: 7 });
		expect(events.map(({ name, args }) => [name, args["orgId"]])).toEqual([["OrganizationCreated", ORG_ID]]);
		expect(sent).toEqual([{ ...TARGET, data: abi.encodeFunctionData("revokeAllKeys", [ORG_ID]) }]);
		expect(wait).toHaveBeenCalledWith(1, 120_000);
	});

	it.each(["NONCE_EXPIRED", "REPLACEMENT_UNDERPRICED"])("whose nonce was used is sent again: %s", async (code) => {
		vi.spyOn(Math, "random").mockReturnValue(0);
		const { sent, outcome } = revokeAll({ failures: [fail({ code }), fail({ code })] });
		expect(await outcome).toMatchObject({ transactionHash: HASH });
		expect(sent).toHaveLength(3);
		vi.restoreAllMocks();
	});

	it("is given up if it isn't accepted within half a minute", async () => {
		const { promise } = Promise.withResolvers<never>();
		const account = { provider: null, sendTransaction: () => promise };
		const sending = sendTransaction(account, TARGET, orgpass, "revokeAllKeys", [ORG_ID]);
		const rejection = expect(sending).rejects.toMatchObject({ code: "registry/unreachable" });
		await until(() => isWaiting(30_000));
		await pass(30_000);
		await rejection;
	});

	it("may be given up later, or never, by an account that asks its user", async () => {
		const { promise } = Promise.withResolvers<never>();
		const account = { provider: null, sendTimeoutMs: 60_000, sendTransaction: () => promise };
		const sending = sendTransaction(account, TARGET, orgpass, "revokeAllKeys", [ORG_ID]);
		const rejection = expect(sending).rejects.toMatchObject({ code: "registry/unreachable" });
		await until(() => isWaiting(60_000));
		await pass(60_000);
		await rejection;
		const { outcome } = revokeAll({ sendTimeoutMs: Infinity });
		expect(await outcome).toMatchObject({ transactionHash: HASH });
	});
});

describe("a transaction that isn't accepted", () => {
	it.each<[string, object, object]>([
		["its user", { code: "ACTION_REJECTED" }, { code: "registry/rejected" }],
		["its balance", { code: "INSUFFICIENT_FUNDS" }, { code: "registry/reverted" }],
		["its node's words", { message: "sender doesn't have Enough Funds to send tx" }, { code: "registry/reverted" }],
		["other words", { message: "insufficient balance for transfer" }, { code: "registry/reverted" }],
		["a wallet's error", { info: { error: { message: "insufficient funds" } } }, { code: "registry/reverted" }],
		[
			"the error in a wallet's",
			{ info: { error: { data: { message: "insufficient funds" } } } },
			{ code: "registry/reverted" },
		],
		["a limit", { info: { error: { code: 429 } } }, { code: "registry/unreachable", details: { rpcCode: 429 } }],
		["an outage", { code: "ECONNREFUSED" }, { code: "registry/unreachable", details: { errno: "ECONNREFUSED" } }],
		[
			"a status",
			{ code: "SERVER_ERROR", response: { statusCode: 502 } },
			{ code: "registry/unreachable", details: { status: 502 } },
		],
		["nothing", {}, { code: "registry/unreachable", details: {} }],
		[
			"an argument",
			{ code: "INVALID_ARGUMENT", argument: "validFrom" },
			{ code: "config/invalid-option", details: { option: "validFrom" } },
		],
	])("because of %s is an error", async (_, failure, error) => {
		const failures = [fail(failure)];
		const cause = "response" in failure ? { status: 502 } : failures[0];
		await expect(revokeAll({ failures }).outcome).rejects.toMatchObject({ ...error, cause });
	});

	it.each([
		["CallerNotOwner", "registry/unauthorized", "only the organization's owner may do this"],
		["CallerNotDirector", "registry/unauthorized", "only the proposed director may do this"],
		["CallerNotOwnerOrDirector", "registry/unauthorized", "only the organization's owner or director may do this"],
		["InvalidOwner", "registry/reverted", "this account can't be the new owner"],
	])("because of the contract explains its error: %s", async (error, code, words) => {
		const data = abi.encodeErrorResult(error, [ORG_ID, CONTRACT]);
		const { outcome } = revokeAll({ failures: [revert(data)] });
		const [second] = abi.getError(error)?.inputs.slice(1) ?? [];
		const args = { orgId: ORG_ID, [second?.name ?? ""]: CONTRACT };
		await expect(outcome).rejects.toMatchObject({
			code,
			details: { error, args },
			message: `the registry refused revokeAllKeys: ${words} (${error} ${JSON.stringify(args)})`,
		});
	});

	it.each([
		["OrgId: action not authorized", reason("OrgId: action not authorized"), "registry/unauthorized"],
		["not token owner or approved", reason("not token owner or approved"), "registry/unauthorized"],
		["not owner nor approved", reason("not owner nor approved"), "registry/unauthorized"],
		["something else", reason("something else"), "registry/reverted"],
		["unknown error 0x12345678", "0x12345678", "registry/reverted"],
		["no reason given", "0x123456", "registry/reverted"],
		["no reason given", reason("x").slice(0, 20), "registry/reverted"],
	])("because of the contract has its reason: %s", async (error, data, code) => {
		await expect(revokeAll({ failures: [revert(data)] }).outcome).rejects.toMatchObject({
			code,
			details: { error, args: {} },
			message: `the registry refused revokeAllKeys: ${error}`,
		});
	});

	it("because of the contract shows its reason without control characters", async () => {
		const error = await revokeAll({ failures: [revert(reason("a\u001bb"))] }).outcome.catch((thrown: Error) => thrown);
		expect((error as Error).message).not.toContain("\u001b");
	});

	it.each([null, undefined, ""])("because of the contract may have no reason (%j)", async (data) => {
		await expect(revokeAll({ failures: [revert(data)] }).outcome).rejects.toMatchObject({
			code: "registry/reverted",
			details: { error: "no reason given", args: {} },
		});
	});

	it("because of the contract has the error's arguments", async () => {
		const exists = v3.encodeErrorResult("TokenNotFound", [7n]);
		await expect(revokeAll({ failures: [revert(exists)], adapter: orgIdV3 }).outcome).rejects.toMatchObject({
			code: "registry/reverted",
			details: { error: "TokenNotFound", args: { tokenId: 7 } },
			message: expect.stringMatching(/there is no such organization \(TokenNotFound \{"tokenId":7\}\)$/),
		});
		const refused = v3.encodeErrorResult("CalledNotByOrgIdOwner", []);
		await expect(revokeAll({ failures: [revert(refused)], adapter: orgIdV3 }).outcome).rejects.toMatchObject({
			code: "registry/unauthorized",
		});
	});
});

describe("a transaction that was sent", () => {
	const details = { transactionHash: HASH };
	it.each<[string, () => MinedTransaction | null, object]>([
		["isn't in a block after two minutes", () => null, { code: "registry/unreachable", details }],
		[
			"can't be waited for",
			() => {
				throw fail({ code: "NETWORK_ERROR" });
			},
			{ code: "registry/unreachable", details },
		],
		[
			"fails",
			() => {
				throw revert(abi.encodeErrorResult("CallerNotOwner", [ORG_ID, CONTRACT]));
			},
			{ code: "registry/unauthorized" },
		],
		[
			"is replaced by another one",
			() => {
				throw fail({ code: "TRANSACTION_REPLACED", reason: "replaced", receipt: { ...RECEIPT, status: 1 } });
			},
			{ code: "registry/reverted", details },
		],
		[
			"is sent again and fails",
			() => {
				throw fail({ code: "TRANSACTION_REPLACED", reason: "repriced", receipt: { ...RECEIPT, status: 0 } });
			},
			{ code: "registry/reverted", details },
		],
		[
			"is replaced, as nobody knows by what",
			() => {
				throw fail({ code: "TRANSACTION_REPLACED" });
			},
			{ code: "registry/reverted", details },
		],
	])("and %s is an error", async (_, result, error) => {
		await expect(revokeAll({ wait: async () => result() }).outcome).rejects.toMatchObject(error);
	});

	it("and sent again with a higher fee has that one's receipt", async () => {
		const receipt = { ...RECEIPT, hash: `0x${"cd".repeat(32)}`, status: 1, logs: [CREATED] };
		const wait = async (): Promise<never> => {
			throw fail({ code: "TRANSACTION_REPLACED", reason: "repriced", receipt });
		};
		expect(await revokeAll({ wait }).outcome).toMatchObject({ transactionHash: receipt.hash, events: [{}] });
	});
});
