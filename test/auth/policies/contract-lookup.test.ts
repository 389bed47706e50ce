/** Policies that ask a contract about the organization, with a node in this process. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { not } from "../../../src/auth/policies/combine.ts";
import { type MembershipOptions, requireMembership } from "../../../src/auth/policies/membership.ts";
import { requireTokenBalance, type TokenBalanceOptions } from "../../../src/auth/policies/token-balance.ts";
import type { ErrorCode } from "../../../src/errors/codes.ts";
import { toFailure } from "../../../src/http/denial.ts";
import type { VerifiedToken } from "../../../src/tokens/verified-token.ts";
import { type ContractNode, createContractNode } from "../../support/contract-node.ts";
import { passSeconds } from "../../support/pass-seconds.ts";
import { policyRecord, policyToken } from "../../support/policy-token.ts";
import { expectRefusal } from "../../support/refusal.ts";

const CONTRACT = `0x${"c0".repeat(20)}`;
const record = policyRecord();
const token = policyToken({ organization: record });
const OWNER_WORD = record.owner.slice(2).toLowerCase().padStart(64, "0");
const ID_WORD = record.orgId.slice(2);

let node: ContractNode;
beforeEach(() => {
	passSeconds(0);
	node = createContractNode(100n);
});
afterEach(() => void vi.restoreAllMocks());

function balance(options: Partial<TokenBalanceOptions> = {}) {
	const provider = node.provider as never;
	return requireTokenBalance({ chainId: 31337, provider, token: CONTRACT, amount: 100n, ...options });
}

function membership(options: Partial<MembershipOptions> = {}) {
	return requireMembership({ chainId: 31337, provider: node.provider as never, directory: CONTRACT, ...options });
}

describe.each([
	["requireTokenBalance", balance, "policy/balance", { token: CONTRACT, amount: "100" }],
	["requireMembership", membership, "policy/membership", { directory: CONTRACT }],
] as const)("%s", (name, policyWith, code, details) => {
	it("remembers an answer, good or bad, for a minute", async () => {
		const policy = policyWith();
		await policy(token);
		node.answer = 0n;
		passSeconds(59);
		await policy(token);
		expect(node.asked).toHaveLength(1);
		passSeconds(1);
		for (const _ of [1, 2]) {
			const error = await expectRefusal(() => policy(token), code);
			expect(error.details).toEqual({ chainId: 31337, ...details });
		}
		expect(node.asked).toHaveLength(2);
	});

	it("remembers an answer as long as it is told", async () => {
		const policy = policyWith({ cacheSeconds: 5 });
		await policy(token);
		passSeconds(4.5);
		await policy(token);
		expect(node.asked).toHaveLength(1);
		passSeconds(0.5);
		await policy(token);
		expect(node.asked).toHaveLength(2);
	});

	it("makes one call for simultaneous requests, even if nothing is remembered", async () => {
		vi.spyOn(performance, "now").mockReturnValue(1_000);
		const policy = policyWith({ cacheSeconds: 0 });
		await Promise.all(Array.from({ length: 100 }, () => policy(token)));
		expect(node.asked).toHaveLength(1);
		await policy(token);
		expect(node.asked).toHaveLength(2);
	});

	it("remembers the answers about organizations separately", async () => {
		const policy = policyWith();
		await policy(token);
		node.answer = 0n;
		const orgId = `0x${"0c".repeat(32)}` as const;
		const organization = policyRecord({ orgId, owner: `0x${"0c".repeat(20)}` });
		await expectRefusal(() => policy(policyToken({ organization })), code);
		await policy(token);
		expect(node.asked).toHaveLength(2);
	});

	it.each([
		"0x",
		"0x01",
		`0x${"00".repeat(33)}`,
		`0x${"00".repeat(32)}x`,
		`x0x${"00".repeat(32)}`,
		5,
		null,
		{},
		[`0x${"00".repeat(31)}64`],
	])("takes the answer %j for an outage, and asks again the next time", async (answer) => {
		node.answer = answer;
		const policy = policyWith();
		for (const asked of [policy, not(policy)]) {
			const code =
				answer === null ? (["registry/bad-response", "registry/unreachable"] as const) : "registry/bad-response";
			const error = await expectRefusal(() => asked(token), code);
			expect(toFailure(error).status).toBe(503);
		}
		node.answer = 100n;
		expect(await policy(token)).toBeUndefined();
	});

	it("reads digits in upper case", async () => {
		node.answer = `0x${"AB".repeat(32)}`;
		expect(await policyWith()(token)).toBeUndefined();
	});

	it.each<[string, Partial<VerifiedToken>, ErrorCode, object]>([
		[
			"organizations of other chains",
			{ organization: policyRecord({ chainId: 1 }) },
			code,
			{ chainId: 31337, ...details },
		],
		["other issuers", { profile: "github-app", issuer: "7" }, "policy/organization", {}],
	])("refuses tokens of %s without a request, and so does not()", async (_what, members, expected, facts) => {
		for (const policy of [policyWith(), not(policyWith())]) {
			const error = await expectRefusal(() => policy(policyToken(members)), expected);
			expect(error.details).toEqual(facts);
		}
		expect(node.asked).toEqual([]);
	});

	it.each<object>([
		{ chainId: 0 },
		{ provider: undefined },
		{ rpcUrl: "http://127.0.0.1:1" },
		{ provider: undefined, rpcUrl: "ftp://node.example" },
		{ provider: undefined, rpcUrl: ["http://127.0.0.1:1"], agreement: 2 },
		{ observer: {} },
		{ cacheSeconds: -1 },
		{ cacheSeconds: "60" },
	])("rejects the options %o", async (options) => {
		const error = await expectRefusal(() => policyWith(options), "config/invalid-option");
		expect(error.message).toMatch(new RegExp(`^${name}: `));
	});

	it("rejects unknown options", async () => {
		const error = await expectRefusal(() => policyWith({ ttl: 1 } as object), "config/unknown-option");
		expect(error.message).toMatch(new RegExp(`^${name} has no option `));
	});
});

describe("requireTokenBalance", () => {
	it.each([100n, 101n, 2n ** 256n - 1n])("accepts a balance of %s if 100 is required", async (amount) => {
		node.answer = amount;
		expect(await balance()(token)).toBeUndefined();
		await expectRefusal(() => not(balance())(token), "policy/excluded");
	});

	it.each([0n, 99n])("refuses a balance of %s", async (amount) => {
		node.answer = amount;
		await expectRefusal(() => balance()(token), "policy/balance");
		await not(balance())(token);
	});

	it.each([
		["the owner's balance", undefined, `0x70a08231${OWNER_WORD}`],
		["the owner's balance", "owner", `0x70a08231${OWNER_WORD}`],
		["the organization's balance", "organization", `0x6c7f1542${ID_WORD}`],
	] as const)("asks for %s if the holder is %s", async (_what, holder, data) => {
		await balance({ holder })(token);
		expect(node.asked).toEqual([{ to: CONTRACT, data }]);
	});

	it.each<object>([
		{ amount: 0n },
		{ amount: -1n },
		{ amount: 1 },
		{ amount: "1" },
		{ token: "0x" },
		{ token: "lif.eth" },
		{ token: undefined },
		{ holder: "director" },
		{ holder: "" },
	])("rejects the options %o", async (options) => {
		await expectRefusal(() => balance(options), "config/invalid-option");
	});
});

describe("requireMembership", () => {
	it.each([
		["Winding Tree's index of organizations", undefined, `0x1324092d${ID_WORD}`],
		["a function of the id", "function isMember(bytes32) view returns (bool)", `0x511bcee5${ID_WORD}`],
		["a pure function", "function isMember(bytes32 id) pure returns (uint8 kind)", `0x511bcee5${ID_WORD}`],
		["a function of the owner", "function isMember(address owner) view returns (bool)", `0xa230c524${OWNER_WORD}`],
	])("asks %s", async (_what, signature, data) => {
		node.answer = 1n;
		await membership({ function: signature })(token);
		expect(node.asked).toEqual([{ to: CONTRACT, data }]);
		node.answer = 0n;
		await expectRefusal(() => membership({ function: signature })(token), "policy/membership");
	});

	it.each([
		["bool", 1n],
		["uint8", 255n],
		["uint256", 2n ** 256n - 1n],
	])("accepts the largest %s, and takes a larger number for an outage", async (type, largest) => {
		const signature = `function isMember(bytes32) view returns (${type})`;
		node.answer = largest;
		expect(await membership({ function: signature })(token)).toBeUndefined();
		if (type === "uint256") return;
		node.answer = largest + 1n;
		const policy = membership({ function: signature });
		for (const asked of [policy, not(policy)]) await expectRefusal(() => asked(token), "registry/bad-response");
	});

	it.each<object>([
		{ directory: "0x" },
		...[
			"",
			"isMember",
			"event isMember(bytes32)",
			"error isMember(bytes32)",
			"function isMember(bytes32) returns (bool)",
			"function isMember(bytes32) payable returns (bool)",
			"function isMember(bytes32) view",
			"function isMember() view returns (bool)",
			"function isMember() view returns (bytes32, bool)",
			"function isMember(bytes32, address) view returns (bool)",
			"function isMember(bytes32, address) view",
			"function isMember(bytes32, uint8) view returns (bool)",
			"function isMember(bytes31) view returns (bool)",
			"function isMember(bytes32) view returns (bytes32[])",
			"function isMember(bytes32) view returns (int256)",
			"function isMember(bytes32) view returns (uint8[])",
			"function isMember(bytes32) view returns (string)",
			"function isMember(bytes32) view returns (bool, bool)",
			7,
		].map((signature) => ({ function: signature })),
	])("rejects the options %o", async (options) => {
		await expectRefusal(() => membership(options), "config/invalid-option");
	});
});
