/** Membership of a directory, against a real chain. */
import { Contract, ContractFactory } from "ethers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { not } from "../../../src/auth/policies/combine.ts";
import { type MembershipOptions, requireMembership } from "../../../src/auth/policies/membership.ts";
import type { ErrorCode } from "../../../src/errors/codes.ts";
import { toFailure } from "../../../src/http/denial.ts";
import type { VerifiedToken } from "../../../src/tokens/verified-token.ts";
import { compileContract } from "../../support/compile-contract.ts";
import { passSeconds } from "../../support/pass-seconds.ts";
import { policyRecord, policyToken } from "../../support/policy-token.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { type RpcCounter, startRpcCounter } from "../../support/rpc-counter.ts";
import { type ChainStage, startChainStage } from "../../support/token-stage.ts";

const ABI = [
	"function setOrganization(bytes32 organization, uint256 index)",
	"function setOwner(address owner, bool member)",
];
const IS_MEMBER = "function isMember(bytes32) view returns (bool)";
const IS_OWNER_MEMBER = "function isOwnerMember(address owner) external view returns (bool)";

let stage: ChainStage;
let counter: RpcCounter;
let directory: Contract;
let address: string;
let token: VerifiedToken;
beforeAll(async () => {
	stage = await startChainStage();
	const [account] = stage.network.accounts;
	const bytecode = compileContract(new URL("Directory.sol", import.meta.url), "Directory");
	const deployed = await new ContractFactory(ABI, bytecode, account).deploy();
	await deployed.waitForDeployment();
	address = await deployed.getAddress();
	directory = new Contract(address, ABI, account);
	counter = await startRpcCounter(stage.network.rpcUrl);
	token = await stage.verify(await stage.forge());
});
beforeEach(async () => {
	await setIndex(0n);
	counter.reset();
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
	await counter.close();
	await stage.close();
});

function policyWith(options: Partial<MembershipOptions> = {}) {
	return requireMembership({ chainId: 31337, rpcUrl: counter.url, directory: address, ...options });
}

async function setIndex(index: bigint): Promise<void> {
	await (await directory.getFunction("setOrganization")(token.organization?.orgId, index)).wait();
}

describe("requireMembership", () => {
	it.each([1n, 2n, 2n ** 256n - 1n])(
		"accepts an organization at place %s of Winding Tree's directory",
		async (index) => {
			await setIndex(index);
			await policyWith()(token);
			await expectRefusal(() => not(policyWith())(token), "policy/excluded");
		},
	);

	it("refuses one that isn't in it", async () => {
		const error = await expectRefusal(() => policyWith()(token), "policy/membership");
		expect(error.details).toEqual({ chainId: 31337, directory: address });
		expect(toFailure(error)).toMatchObject({ status: 403, error: "insufficient_scope" });
		await not(policyWith())(token);
	});

	it("asks any function about the organization's id", async () => {
		const policy = policyWith({ function: IS_MEMBER, cacheSeconds: 0 });
		await expectRefusal(() => policy(token), "policy/membership");
		await setIndex(5n);
		await policy(token);
	});

	it("asks any function about the organization's owner", async () => {
		const policy = policyWith({ function: IS_OWNER_MEMBER, cacheSeconds: 0 });
		await expectRefusal(() => policy(token), "policy/membership");
		await (await directory.getFunction("setOwner")(token.organization?.owner, true)).wait();
		await policy(token);
	});

	it("decides in a verifier", async () => {
		await setIndex(1n);
		const verifier = stage.verifierWith({ policies: [policyWith({ cacheSeconds: 0 })] });
		expect(await verifier.verify(await stage.forge())).toMatchObject({ issuer: stage.sender.did });
		await setIndex(0n);
		await expectRefusal(async () => verifier.verify(await stage.forge()), "policy/membership");
	});

	it("remembers an answer for a minute, and makes one call for simultaneous requests", async () => {
		await setIndex(1n);
		passSeconds(0);
		const policy = policyWith();
		await Promise.all(Array.from({ length: 100 }, () => policy(token)));
		await setIndex(0n);
		passSeconds(59);
		await policy(token);
		expect(counter.count("eth_call")).toBe(1);
		passSeconds(1);
		await expectRefusal(() => policy(token), "policy/membership");
		expect(counter.count("eth_call")).toBe(2);
	});

	it.each<[string, () => Partial<MembershipOptions>, ErrorCode]>([
		["the node is down", () => ({ rpcUrl: "http://127.0.0.1:1" }), "registry/unreachable"],
		["there is no contract", () => ({ directory: `0x${"11".repeat(20)}` }), "registry/no-contract"],
		[
			"the contract has no such function",
			() => ({ directory: stage.network.registry.address }),
			"registry/bad-response",
		],
		[
			"the function reverts",
			() => ({ function: "function fail(bytes32) view returns (bool)" }),
			"registry/bad-response",
		],
		[
			"the result isn't a bool",
			() => ({ function: "function isFirst(bytes32) view returns (bool)" }),
			"registry/bad-response",
		],
		[
			"the result is a list",
			() => ({ function: "function list(bytes32) view returns (bool)" }),
			"registry/bad-response",
		],
		["the node serves another chain", () => ({ chainId: 1 }), "registry/wrong-chain"],
	])("fails with an outage if %s, and not() doesn't accept it", async (_what, options, code) => {
		await setIndex(2n);
		const policy = policyWith(options());
		const organization = policyRecord({ ...token.organization, chainId: options().chainId ?? 31337 });
		for (const asked of [policy, not(policy)]) {
			const error = await expectRefusal(() => asked(policyToken({ organization })), code);
			expect(toFailure(error).status).toBe(503);
		}
	});
});
