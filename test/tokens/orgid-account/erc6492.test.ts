import { type JsonRpcProvider, type Wallet as LocalWallet, Wallet } from "ethers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { decodeHex } from "../../../src/encoding/hex.ts";
import type { Address } from "../../../src/registry/org-record.ts";
import { startTestNetwork } from "../../../src/testing/test-network.ts";
import { type ContractAccounts, createContractAccounts } from "../../../src/tokens/orgid-account/erc1271.ts";
import { unwrapSignature } from "../../../src/tokens/orgid-account/erc6492.ts";
import {
	codeReturning,
	codeRevertingWith,
	deployCode,
	prepareSafe,
	type TestSafe,
	wrapSignature,
} from "../../support/contract-accounts.ts";
import { passSeconds } from "../../support/pass-seconds.ts";
import { unlock } from "../../support/unlocked-wallet.ts";

const ANNA = new Wallet(`0x${"41".repeat(32)}`);
const BERTA = new Wallet(`0x${"42".repeat(32)}`);
const DIGEST = new Uint8Array(32).fill(7);
const MAGIC = "1626ba7e";
const SUFFIX = "6492".repeat(16);

let network: Awaited<ReturnType<typeof startTestNetwork<0>>>;
let funder: LocalWallet;
let provider: JsonRpcProvider;
let accounts: ContractAccounts;
beforeAll(async () => {
	network = await startTestNetwork({ organizations: 0 });
	funder = unlock(network.accounts[0]);
	provider = network.provider;
});
beforeEach(() => {
	accounts = createContractAccounts(31_337, provider);
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => network.close());

function signFor(safe: TestSafe, owners = [ANNA]): string {
	return safe.signDigest(DIGEST, owners);
}

describe("a Safe that isn't deployed yet", () => {
	let safe: TestSafe;
	beforeAll(async () => {
		safe = await prepareSafe(funder, [ANNA], 31_337);
	});

	it("accepts its wrapped signature, and remains undeployed", async () => {
		const block = await provider.getBlockNumber();
		expect(await accounts.isSignedBy(safe.address, DIGEST, wrapSignature(safe.deployment, signFor(safe)))).toBe(true);
		expect(await provider.getCode(safe.address)).toBe("0x");
		expect(await provider.getBlockNumber()).toBe(block);
	});

	it("refuses the signature without its wrapper", async () => {
		expect(await accounts.isSignedBy(safe.address, DIGEST, decodeHex(signFor(safe)))).toBe(false);
	});

	it("refuses the wrapped signature of another's owner, of another digest, or of nobody", async () => {
		const ask = (signature: string, digest = DIGEST) =>
			accounts.isSignedBy(safe.address, digest, wrapSignature(safe.deployment, signature));
		expect(await ask(signFor(safe, [BERTA]))).toBe(false);
		expect(await ask(signFor(safe), DIGEST.with(0, 1))).toBe(false);
		expect(await ask("0x")).toBe(false);
	});

	it("refuses a wrapper that deploys another Safe, even with its owner's signature", async () => {
		const other = await prepareSafe(funder, [BERTA], 31_337);
		for (const signature of [signFor(safe), signFor(other, [BERTA]), signFor(safe, [BERTA])]) {
			expect(await accounts.isSignedBy(safe.address, DIGEST, wrapSignature(other.deployment, signature))).toBe(false);
		}
	});

	it.each<[string, string]>([
		["returns the magic value", codeReturning(MAGIC, 32)],
		["reverts", "5f5ffd"],
		["reverts with 900 kB", "620dbba05ffd"],
		["returns 900 kB", "620dbba05ff3"],
		["uses up all gas", "5b5f56"],
		["destroys itself", "5fff"],
		["reverts as OffchainLookup", codeRevertingWith("0x556f1830")],
	])("is refused if what is to deploy it %s", async (_what, code) => {
		const factory = await deployCode(funder, code);
		const wrapped = wrapSignature([factory, "0x"], signFor(safe));
		expect(await accounts.isSignedBy(safe.address, DIGEST, wrapped)).toBe(false);
	});

	it.each<[string, string]>([
		["nothing", `0x${"00".repeat(20)}`],
		["an account without code", ANNA.address],
		["a precompile", `0x${"00".repeat(19)}04`],
	])("is refused if what is to deploy it is %s", async (_what, factory) => {
		const wrapped = wrapSignature([factory, "0x"], signFor(safe));
		expect(await accounts.isSignedBy(safe.address, DIGEST, wrapped)).toBe(false);
	});

	it("accepts bare and wrapped signatures as soon as it is deployed", async () => {
		const own = await prepareSafe(funder, [ANNA], 31_337);
		const bare = decodeHex(signFor(own));
		expect(await accounts.isSignedBy(own.address, DIGEST, bare)).toBe(false);
		await own.deploy();
		expect(await accounts.isSignedBy(own.address, DIGEST, wrapSignature(own.deployment, signFor(own)))).toBe(true);
		passSeconds(1);
		expect(await accounts.isSignedBy(own.address, DIGEST, bare)).toBe(true);
		const wrong = wrapSignature(own.deployment, signFor(own, [BERTA]));
		expect(await accounts.isSignedBy(own.address, DIGEST, wrong)).toBe(false);
	});
});

describe("a wrapped signature of an account with code", () => {
	it("is unwrapped, whatever else is in the wrapper", async () => {
		const safe = await prepareSafe(funder, [ANNA], 31_337);
		await safe.deploy();
		const hostile = await deployCode(funder, "5b5f56");
		for (const factory of [hostile, safe.address, ANNA.address, `0x${"00".repeat(20)}`]) {
			const wrapped = wrapSignature([factory, "0x01"], signFor(safe));
			expect(await accounts.isSignedBy(safe.address, DIGEST, wrapped)).toBe(true);
		}
	});

	it("can't make the account accept it by a call of the wrapper", async () => {
		// Returns the word in slot 0, which a call of one byte sets to the magic value.
		const code = `36600114601057${"5f545f5260205ff3"}00${`5b7f${MAGIC.padEnd(64, "0")}5f5500`}`;
		const account = await deployCode(funder, code);
		const set = await provider.call({ to: account, data: "0x01" });
		expect(set).toBe("0x");
		expect(await accounts.isSignedBy(account, DIGEST, wrapSignature([account, "0x01"], "0x1234"))).toBe(false);
		await (await funder.sendTransaction({ to: account, data: "0x01" })).wait();
		expect(await accounts.isSignedBy(account, DIGEST, wrapSignature([account, "0x01"], "0x123456"))).toBe(true);
	});
});

it("an account delegated to a contract (EIP-7702) can sign a second later", async () => {
	const owner = Wallet.createRandom(provider);
	const account = owner.address as Address;
	const target = await deployCode(funder, codeReturning(MAGIC, 32));
	expect(await accounts.isSignedBy(account, DIGEST, Uint8Array.of(1))).toBe(false);
	const authorization = await owner.authorize({ address: target, nonce: 0 });
	await (await funder.sendTransaction({ type: 4, to: account, authorizationList: [authorization] })).wait();
	expect(await provider.getCode(account)).toBe(`0xef0100${target.slice(2).toLowerCase()}`);
	passSeconds(1);
	expect(await accounts.isSignedBy(account, DIGEST, Uint8Array.of(1))).toBe(true);
});

describe("unwrapSignature", () => {
	it.each([
		["nothing", "0x"],
		["65 bytes", `0x${"11".repeat(65)}`],
		["the suffix in front", `0x${SUFFIX}00`],
		["all but one byte of the suffix", `0x${SUFFIX.slice(2)}`],
	])("returns %s as it is", (_what, signature) => {
		expect(unwrapSignature(decodeHex(signature))).toEqual({ signature });
	});

	const word = (value: number) => value.toString(16).padStart(64, "0");
	it.each([
		["the suffix alone", ""],
		["an address of more than 20 bytes", `01${"00".repeat(31)}${word(96)}${word(96)}${word(0)}`],
		["an offset behind the end", `${word(1)}${word(9_999)}${word(96)}${word(0)}`],
		["an offset of 2^255", `${word(1)}80${"00".repeat(31)}${word(96)}${word(0)}`],
		["a length behind the end", `${word(1)}${word(96)}${word(96)}${word(33)}`],
		["a cut last word", `${word(1)}${word(96)}${word(128)}${word(0)}${word(2)}1234`],
		["a missing member", `${word(1)}${word(64)}`],
	])("returns undefined for %s before the suffix, and nobody is asked", async (_what, body) => {
		const bytes = decodeHex(`0x${body}${SUFFIX}`);
		expect(unwrapSignature(bytes)).toBeUndefined();
		const offline = createContractAccounts(31_337, { request: () => Promise.reject(new Error("asked")) });
		expect(await offline.isSignedBy(`0x${"11".repeat(20)}`, DIGEST, bytes)).toBe(false);
	});
});
