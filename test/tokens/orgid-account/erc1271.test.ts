import { type JsonRpcProvider, makeError, type TransactionRequest, type Wallet } from "ethers";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createProvider } from "../../../src/registry/ethers-provider.ts";
import type { Address } from "../../../src/registry/org-record.ts";
import { startTestNetwork } from "../../../src/testing/test-network.ts";
import { createContractAccounts, isValidSignature } from "../../../src/tokens/orgid-account/erc1271.ts";
import { codeReturning, deployCode } from "../../support/contract-accounts.ts";
import { type Answer, startFakeNode } from "../../support/fake-node.ts";
import { passSeconds } from "../../support/pass-seconds.ts";
import { startRpcCounter } from "../../support/rpc-counter.ts";
import { unlock } from "../../support/unlocked-wallet.ts";

const MAGIC = "1626ba7e";
const DIGEST = new Uint8Array(32).fill(7);
const SIGNATURE = Uint8Array.of(1, 2, 3);

let network: Awaited<ReturnType<typeof startTestNetwork<0>>>;
let account: Wallet;
let provider: JsonRpcProvider;
beforeAll(async () => {
	network = await startTestNetwork({ organizations: 0 });
	account = unlock(network.accounts[0]);
	provider = network.provider;
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => network.close());

describe("isValidSignature", () => {
	it("accepts exactly the magic value in 32 bytes", async () => {
		const contract = await deployCode(account, codeReturning(MAGIC, 32));
		expect(await isValidSignature(provider, contract, DIGEST, SIGNATURE)).toBe(true);
	});

	it("calls with the digest and signature encoded by the ABI", async () => {
		// Answers with the magic value where the calldata's second word is the digest, else with zeros.
		const code = `7f${"07".repeat(32)}600435147f${MAGIC.padEnd(64, "0")}025f5260205ff3`;
		const contract = await deployCode(account, code);
		expect(await isValidSignature(provider, contract, DIGEST, SIGNATURE)).toBe(true);
		expect(await isValidSignature(provider, contract, DIGEST.with(31, 8), SIGNATURE)).toBe(false);
	});

	it.each<[string, string]>([
		["another value", codeReturning("ffffffff", 32)],
		["zero", codeReturning("", 32)],
		["true as a word", codeReturning(`${"00".repeat(31)}01`, 32)],
		["the magic value right-aligned", codeReturning(`${"00".repeat(28)}${MAGIC}`, 32)],
		["the magic value with a last byte set", codeReturning(`${MAGIC}${"00".repeat(27)}01`, 32)],
		["the magic value followed by garbage", codeReturning(`${MAGIC}${"ff".repeat(28)}`, 32)],
		["the magic value in 4 bytes", codeReturning(MAGIC, 4)],
		["the magic value in 31 bytes", codeReturning(MAGIC, 31)],
		["the magic value in 33 bytes", codeReturning(MAGIC, 33)],
		["the magic value in 64 bytes", codeReturning(MAGIC, 64)],
		["the older magic value over bytes", codeReturning("20c13b0b", 32)],
		["nothing", "00"],
		["a revert", "5f5ffd"],
		["a revert with the magic value", `7f${MAGIC.padEnd(64, "0")}5f5260205ffd`],
		["an invalid opcode", "fe"],
		["an invalid jump", "60ff56"],
		["an empty stack", "50"],
		["a loop that uses up all gas", "5b5f56"],
	])("returns false for %s", async (_what, code) => {
		const contract = await deployCode(account, code);
		expect(await isValidSignature(provider, contract, DIGEST, SIGNATURE)).toBe(false);
	});

	it.each<[string, Answer, string?]>([
		["HTTP 500", { status: 500, body: "boom" }, "registry/unreachable"],
		["HTTP 429", { status: 429, body: "slow down" }, "registry/unreachable"],
		["HTML", { status: 200, body: "<html>" }, "registry/unreachable"],
		["a dropped connection", { hangUp: true }, "registry/unreachable"],
		["an error of its own", { error: { code: -32_005, message: "limit exceeded" } }, "registry/unreachable"],
		["an internal error", { error: { code: -32_603, message: "internal error" } }, "registry/bad-response"],
		["out of gas, in geth's words", { error: { code: -32_000, message: "out of gas" } }],
		["data out of bounds", { error: { code: -32_000, message: "return data out of bounds" } }],
		["too much memory", { error: { code: -32_000, message: "gas uint64 overflow" } }],
		["an invalid opcode", { error: { code: -32_000, message: "invalid opcode: INVALID" } }],
		["a revert without data", { error: { code: 3, message: "execution reverted", data: "0x" } }],
		["nothing but the code of a revert", { error: { code: 3, message: "failed" } }],
		["Nethermind's words", { error: { code: -32_015, message: "VM execution error." } }],
	])("handles a node that responds with %s", async (_what, answer, code) => {
		const node = await startFakeNode(() => answer);
		const broken = createProvider(node.url, 31_337);
		const asked = isValidSignature(broken, `0x${"11".repeat(20)}`, DIGEST, SIGNATURE);
		if (code === undefined) expect(await asked).toBe(false);
		else await expect(asked).rejects.toMatchObject({ code });
		expect(node.calls).toHaveLength(code === undefined ? 1 : 3);
		broken.destroy();
		await node.close();
	});
});

it.each([
	["with data as a refusal", "0x08c379a0", undefined],
	["without data as an outage", null, "registry/unreachable"],
])("takes a revert %s, from another provider", async (_what, data, code) => {
	const error = makeError("missing revert data", "CALL_EXCEPTION", {
		...{ action: "call", data, reason: null, transaction: { to: null, data: "0x" } },
		...{ invocation: null, revert: null },
	});
	const other = Object.assign(createProvider(network.rpcUrl, 31_337), { call: () => Promise.reject(error) });
	const asked = isValidSignature(other, `0x${"11".repeat(20)}`, DIGEST, SIGNATURE);
	if (code === undefined) expect(await asked).toBe(false);
	else await expect(asked).rejects.toMatchObject({ code });
	other.destroy();
});

describe("createContractAccounts", () => {
	it("reads the chain once, remembers no code for a second, a refusal for five, and no acceptance", async () => {
		const counter = await startRpcCounter(network.rpcUrl);
		const counted = createProvider(counter.url, 31_337);
		const accounts = createContractAccounts(31_337, counted);
		const yes = await deployCode(account, codeReturning(MAGIC, 32));
		const no = await deployCode(account, codeReturning("", 32));
		const none = account.address as Address;
		const ask = async () => {
			counter.reset();
			expect(await accounts.isSignedBy(yes, DIGEST, SIGNATURE)).toBe(true);
			expect(await accounts.isSignedBy(no, DIGEST, SIGNATURE)).toBe(false);
			expect(await accounts.isSignedBy(none, DIGEST, SIGNATURE)).toBe(false);
			expect(await accounts.isSignedBy(none, DIGEST, SIGNATURE.slice(1))).toBe(false);
			return ["eth_chainId", "eth_getCode", "eth_call"].map((method) => counter.count(method));
		};
		expect(await ask()).toEqual([1, 0, 3]);
		expect(await ask()).toEqual([0, 0, 1]);
		passSeconds(1);
		expect(await ask()).toEqual([0, 0, 2]);
		passSeconds(4);
		expect(await ask()).toEqual([0, 0, 3]);
		counted.destroy();
		await counter.close();
	});

	it("asks the account itself if the node doesn't return what creation code returns", async () => {
		const silent = Object.assign(createProvider(network.rpcUrl, 31_337), {
			call: async ({ to, ...call }: TransactionRequest) => (to ? provider.call({ to, ...call }) : "0x"),
		});
		const accounts = createContractAccounts(31_337, silent);
		const ask = async (code: string) => accounts.isSignedBy(await deployCode(account, code), DIGEST, SIGNATURE);
		expect(await ask(codeReturning(MAGIC, 32))).toBe(true);
		for (const code of [codeReturning(MAGIC, 33), codeReturning("", 32), "00", "5f5ffd", "fe"]) {
			expect(await ask(code)).toBe(false);
		}
		expect(await accounts.isSignedBy(account.address as Address, DIGEST, SIGNATURE)).toBe(false);
		silent.destroy();
	});

	it.each(["0x01", `0x${"00".repeat(32)}`, `0x${"00".repeat(31)}04`, `0x${"00".repeat(31)}02${"00".repeat(32)}`])(
		"rejects the answer %s, which only a faulty node gives",
		async (result) => {
			const node = await startFakeNode((method) => ({ result: method === "eth_chainId" ? "0x7a69" : result }));
			const faulty = createProvider(node.url, 31_337);
			const asked = createContractAccounts(31_337, faulty).isSignedBy(`0x${"11".repeat(20)}`, DIGEST, SIGNATURE);
			await expect(asked).rejects.toMatchObject({ code: "registry/bad-response" });
			faulty.destroy();
			await node.close();
		},
	);

	it("accepts an EIP-1193 provider", async () => {
		const eip1193 = {
			request: ({ method, params }: { method: string; params?: unknown[] | Record<string, unknown> }) =>
				provider.send(method, (params ?? []) as unknown[]),
		};
		const contract = await deployCode(account, codeReturning(MAGIC, 32));
		expect(await createContractAccounts(31_337, eip1193).isSignedBy(contract, DIGEST, SIGNATURE)).toBe(true);
	});

	it("T35: rejects a node of another chain, and checks again each time", async () => {
		const accounts = createContractAccounts(1, provider);
		for (const _ of [1, 2]) {
			const asked = accounts.isSignedBy(`0x${"11".repeat(20)}`, DIGEST, SIGNATURE);
			await expect(asked).rejects.toMatchObject({
				code: "registry/wrong-chain",
				details: { expected: 1, actual: 31_337 },
			});
		}
	});

	it("asks again once the node is back", async () => {
		const node = await startFakeNode(() => ({ status: 500, body: "" }));
		const broken = createProvider(node.url, 31_337);
		const accounts = createContractAccounts(31_337, broken);
		const ask = () => accounts.isSignedBy(`0x${"11".repeat(20)}`, DIGEST, SIGNATURE);
		await expect(ask()).rejects.toMatchObject({ code: "registry/unreachable" });
		node.answer = (method) => ({ result: method === "eth_chainId" ? "0x7a69" : "0x" });
		expect(await ask()).toBe(false);
		broken.destroy();
		await node.close();
	});
});
