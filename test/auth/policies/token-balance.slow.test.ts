/** A least balance of a token, against a real chain. */
import { Contract, ContractFactory, JsonRpcProvider } from "ethers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { not } from "../../../src/auth/policies/combine.ts";
import { requireTokenBalance, type TokenBalanceOptions } from "../../../src/auth/policies/token-balance.ts";
import { toFailure } from "../../../src/http/denial.ts";
import type { VerifiedToken } from "../../../src/tokens/verified-token.ts";
import { compileContract } from "../../support/compile-contract.ts";
import { passSeconds } from "../../support/pass-seconds.ts";
import { policyRecord, policyToken } from "../../support/policy-token.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { type RpcCounter, startRpcCounter } from "../../support/rpc-counter.ts";
import { type ChainStage, startChainStage } from "../../support/token-stage.ts";

const ABI = [
	"function set(address account, uint256 balance)",
	"function deposit(bytes32 organization, uint256 balance)",
];

let stage: ChainStage;
let counter: RpcCounter;
let holdings: Contract;
let address: string;
let token: VerifiedToken;
beforeAll(async () => {
	stage = await startChainStage();
	const [account] = stage.network.accounts;
	const bytecode = compileContract(new URL("Holdings.sol", import.meta.url), "Holdings");
	const deployed = await new ContractFactory(ABI, bytecode, account).deploy();
	await deployed.waitForDeployment();
	address = await deployed.getAddress();
	holdings = new Contract(address, ABI, account);
	counter = await startRpcCounter(stage.network.rpcUrl);
	token = await stage.verify(await stage.forge());
});
beforeEach(() => counter.reset());
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
	await counter.close();
	await stage.close();
});

function policyWith(options: Partial<TokenBalanceOptions> = {}) {
	return requireTokenBalance({ chainId: 31337, rpcUrl: counter.url, token: address, amount: 100n, ...options });
}

async function set(balance: bigint): Promise<void> {
	await (await holdings.getFunction("set")(token.organization?.owner, balance)).wait();
}

async function deposit(balance: bigint): Promise<void> {
	await (await holdings.getFunction("deposit")(token.organization?.orgId, balance)).wait();
}

describe("requireTokenBalance", () => {
	it.each([100n, 101n, 2n ** 256n - 1n])("accepts an organization whose owner holds %s of at least 100", async (n) => {
		await set(n);
		expect(await policyWith()(token)).not.toBe(false);
		await expectRefusal(() => not(policyWith())(token), "policy/excluded");
	});

	it.each([0n, 99n])("refuses one whose owner holds %s", async (balance) => {
		await set(balance);
		const error = await expectRefusal(() => policyWith()(token), "policy/balance");
		expect(error.details).toEqual({ chainId: 31337, token: address, amount: "100" });
		expect(toFailure(error)).toMatchObject({ status: 403, error: "insufficient_scope" });
	});

	it("can count what is deposited for the organization, whoever owns it", async () => {
		await set(1_000n);
		await deposit(99n);
		const policy = policyWith({ holder: "organization", cacheSeconds: 0 });
		await expectRefusal(() => policy(token), "policy/balance");
		await deposit(100n);
		await policy(token);
	});

	it("decides in a verifier", async () => {
		await set(100n);
		const verifier = stage.verifierWith({ policies: [policyWith({ cacheSeconds: 0 })] });
		expect(await verifier.verify(await stage.forge())).toMatchObject({ issuer: stage.sender.did });
		await set(99n);
		await expectRefusal(async () => verifier.verify(await stage.forge()), "policy/balance");
	});

	it("remembers a balance, sufficient or not, for a minute", async () => {
		await set(100n);
		passSeconds(0);
		const policy = policyWith();
		await policy(token);
		await set(0n);
		passSeconds(59);
		await policy(token);
		expect(counter.count("eth_call")).toBe(1);
		passSeconds(1);
		await expectRefusal(() => policy(token), "policy/balance");
		await expectRefusal(() => policy(token), "policy/balance");
		expect(counter.count("eth_call")).toBe(2);
	});

	it("makes one call for simultaneous requests, even if nothing is remembered", async () => {
		await set(100n);
		const policy = policyWith({ cacheSeconds: 0 });
		await Promise.all(Array.from({ length: 100 }, () => policy(token)));
		expect(counter.count("eth_call")).toBe(1);
	});

	it("fails with an outage, never a refusal, while the node is down; the next request asks again", async () => {
		await set(100n);
		let isDown = true;
		const node = new JsonRpcProvider(counter.url);
		onTestFinished(() => node.destroy());
		const request = async ({ method, params }: { method: string; params?: unknown[] }): Promise<unknown> => {
			if (isDown) throw new Error("down");
			return node.send(method, params ?? []);
		};
		const policy = policyWith({ rpcUrl: undefined, provider: { request } as never });
		for (const asked of [policy, not(policy)]) {
			const error = await expectRefusal(() => asked(token), "registry/unreachable");
			expect(toFailure(error)).toMatchObject({ status: 503 });
		}
		isDown = false;
		await policy(token);
	});

	it.each<[string, () => Partial<TokenBalanceOptions>, string]>([
		["there is no contract", () => ({ token: `0x${"11".repeat(20)}` }), "registry/no-contract"],
		["it has no balances", () => ({ token: stage.network.registry.address }), "registry/bad-response"],
		["the node serves another chain", () => ({ chainId: 1 }), "registry/wrong-chain"],
	])("fails with an outage if %s, and not() doesn't accept it", async (_what, options, code) => {
		const policy = policyWith(options());
		const { chainId = 31337 } = options();
		const other = policyToken({ organization: policyRecord({ chainId }) });
		for (const asked of [policy, not(policy)]) {
			const error = await expectRefusal(() => asked(other), code as never);
			expect(toFailure(error).status).toBe(503);
		}
	});
});
