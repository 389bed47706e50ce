import { type BlockTag, type TransactionRequest, type TransactionResponse, Wallet } from "ethers";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { OrgId } from "../../src/did/did-url.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import type { PublicKey } from "../../src/keys/public-key.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { deployRegistry } from "../../src/registry/deploy-registry.ts";
import { createProvider } from "../../src/registry/ethers-provider.ts";
import type { Registry } from "../../src/registry/registry.ts";
import { startTestNetwork } from "../../src/testing/test-network.ts";
import { unlockedAccount } from "../../src/testing/unlocked-account.ts";
import { until } from "../support/patient-timers.ts";

const ZERO = `0x${"00".repeat(20)}` as const;
const HASH = `0x${"cd".repeat(32)}` as const;

let network: Awaited<ReturnType<typeof startTestNetwork<0>>>;
let owner: Registry;
let stranger: Registry;
/** The owner, whose transactions the chain signs: for many. */
let quick: Registry;
let publicKey: PublicKey;
let orgId: OrgId;
beforeAll(async () => {
	network = await startTestNetwork({ organizations: 0 });
	owner = network.registry.connect(network.accounts[0]);
	quick = network.registry.connect(unlockedAccount(network.provider, network.accounts[0].address));
	stranger = network.registry.connect(network.accounts[1]);
	({ publicKey } = await generateKeyPair());
});
beforeEach(async () => {
	({ orgId } = await quick.createOrganization());
});
afterAll(() => network.close());

describe("receipts", () => {
	it("contain the transaction hash, the block and the gas used", async () => {
		const created = await owner.createOrganization();
		expect(created).toEqual({
			did: `did:orgid:31337:${created.orgId}`,
			orgId: expect.stringMatching(/^0x[0-9a-f]{64}$/),
			transactionHash: expect.stringMatching(/^0x[0-9a-f]{64}$/),
			gasUsed: expect.any(BigInt),
			blockNumber: await network.provider.getBlockNumber(),
		});
		const receipt = await owner.setActive(created.orgId, false);
		expect(receipt).toEqual({
			transactionHash: expect.stringMatching(/^0x[0-9a-f]{64}$/),
			gasUsed: expect.any(BigInt),
			blockNumber: created.blockNumber + 1,
		});
	});

	it("T68: setActive can be repeated", async () => {
		await owner.setActive(orgId, false);
		await owner.setActive(orgId, false);
		expect(await owner.read(orgId)).toMatchObject({ active: false });
		await owner.setActive(orgId, true);
		expect(await owner.read(orgId)).toMatchObject({ active: true });
	});

	it("contain the address of a deployed contract", async () => {
		const { address, transactionHash, gasUsed } = await deployRegistry(network.accounts[2]);
		expect(address).not.toBe(network.registry.address);
		expect(transactionHash).toMatch(/^0x[0-9a-f]{64}$/);
		expect(gasUsed).toBeGreaterThan(100_000n);
		const other = createRegistry({ chainId: 31337, rpcUrl: network.rpcUrl, address });
		expect(await other.list()).toEqual([]);
		other.close();
	});
});

describe("T68: unauthorized writes", () => {
	const calls: Record<string, (registry: Registry) => Promise<unknown>> = {
		setDocument: (registry) => registry.setDocument(orgId, undefined),
		addKey: (registry) => registry.addKey(orgId, { fragment: "x", publicKey }),
		revokeKey: (registry) => registry.revokeKey(orgId, "x"),
		revokeAllKeys: (registry) => registry.revokeAllKeys(orgId),
		setActive: (registry) => registry.setActive(orgId, false),
		transferOwnership: (registry) => registry.transferOwnership(orgId, ZERO),
		transferDirectorship: (registry) => registry.transferDirectorship(orgId, ZERO),
		acceptDirectorship: (registry) => registry.acceptDirectorship(orgId),
	};

	it.each(Object.keys(calls))(
		"anyone else calling %s gets registry/unauthorized with the contract's error",
		async (name) => {
			await expect(calls[name]?.(stranger)).rejects.toMatchObject({
				code: "registry/unauthorized",
				details: {
					error: expect.stringMatching(/^CallerNot(Owner|Director|OwnerOrDirector)$/),
					args: { orgId, caller: network.accounts[1].address },
				},
			});
		},
	);
});

describe("contract errors are registry/reverted with the error's name and arguments", () => {
	const document = (uri: string) => ({ uris: [uri], hash: HASH });
	const cases: Record<string, readonly [() => Promise<unknown>, object]> = {
		OrganizationNotFound: [() => owner.setActive(HASH, true), { orgId: HASH }],
		OrganizationAlreadyExists: [
			async () => {
				await owner.createOrganization({ salt: HASH });
				await owner.createOrganization({ salt: HASH });
			},
			{ orgId: expect.any(String) },
		],
		InvalidOwner: [() => owner.transferOwnership(orgId, ZERO), { owner: ZERO }],
		UriTooLong: [() => owner.setDocument(orgId, document("x".repeat(2_049))), { length: 2_049, limit: 2_048 }],
		OrgJsonIncomplete: [
			() => owner.setDocument(orgId, { uris: ["x"], hash: `0x${"00".repeat(32)}` }),
			{ orgJsonUri: "x" },
		],
		InvalidFragment: [() => owner.addKey(orgId, { fragment: "", publicKey }), { fragment: "" }],
		ReservedFragment: [() => owner.addKey(orgId, { fragment: "owner", publicKey }), { fragment: "owner" }],
		FragmentAlreadyUsed: [
			async () => {
				await owner.addKey(orgId, { fragment: "a", publicKey });
				await owner.addKey(orgId, { fragment: "a", publicKey });
			},
			{ fragment: "a" },
		],
		InvalidValidity: [
			() => owner.addKey(orgId, { fragment: "a", publicKey, validFrom: 9, validUntil: 9 }),
			{ validFrom: 9, validUntil: 9 },
		],
		KeyNotFound: [() => owner.revokeKey(orgId, "a"), { fragment: "a" }],
		KeyAlreadyRevoked: [
			async () => {
				await owner.addKey(orgId, { fragment: "a", publicKey });
				await owner.revokeKey(orgId, "a");
				await owner.revokeKey(orgId, "a");
			},
			{ fragment: "a", revokedAt: expect.any(Number) },
		],
		TooManyKeys: [
			async () => {
				for (let i = 0; i < 33; i++) await quick.addKey(orgId, { fragment: `k${i}`, publicKey });
			},
			{ limit: 32 },
		],
	};

	it.each(Object.keys(cases))("T69: %s", async (error) => {
		const [work, args] = cases[error] ?? [];
		await expect(work?.()).rejects.toMatchObject({
			name: "RegistryError",
			code: "registry/reverted",
			message: expect.stringContaining(error),
			details: { error, args: expect.objectContaining(args ?? {}) },
		});
	});

	it("T69: accepts 32 keys with fragments of 64 characters, and a URI of 2 KiB", async () => {
		for (let i = 0; i < 32; i++) {
			await quick.addKey(orgId, { fragment: `${i}`.padStart(64, "k"), publicKey });
		}
		await owner.setDocument(orgId, document("x".repeat(2_048)));
		expect((await owner.read(orgId))?.keys).toHaveLength(32);
		await owner.revokeAllKeys(orgId);
		expect((await owner.read(orgId))?.keys).toEqual([]);
	});

	it("doesn't send a transaction that would revert", async () => {
		const before = await network.provider.getBlockNumber();
		await expect(stranger.setActive(orgId, false)).rejects.toThrow();
		expect(await network.provider.getBlockNumber()).toBe(before);
	});

	it("rejects an argument outside the range of its type", async () => {
		const tooLate = { fragment: "a", publicKey, validUntil: 2 ** 48 };
		await expect(owner.addKey(orgId, tooLate)).rejects.toMatchObject({ code: "config/invalid-option" });
	});
});

describe("several writers with the same account", () => {
	it("all succeed: a nonce taken by another transaction is replaced", async () => {
		const registries = Array.from({ length: 4 }, () => {
			const provider = createProvider(network.rpcUrl, network.chainId);
			provider.pollingInterval = 20;
			const account = new Wallet(network.accounts[1].privateKey, provider);
			return { provider, registry: network.registry.connect(account) };
		});
		const made = await Promise.all(registries.map(({ registry }) => registry.createOrganization()));
		expect(new Set(made.map(({ did }) => did)).size).toBe(4);
		for (const { provider } of registries) provider.destroy();
	});
});

describe("a transaction that would replace one of the same account for too low a fee", () => {
	it("is sent again with the next nonce", async () => {
		const provider = createProvider(network.rpcUrl, network.chainId);
		provider.pollingInterval = 20;
		let refused = 0;
		class Behind extends Wallet {
			override async getNonce(blockTag?: BlockTag): Promise<number> {
				return (await super.getNonce(blockTag)) - (refused === 0 ? 1 : 0);
			}
			override async sendTransaction(transaction: TransactionRequest): Promise<TransactionResponse> {
				return super.sendTransaction(transaction).catch((error) => {
					expect(error).toMatchObject({ code: "REPLACEMENT_UNDERPRICED" });
					refused += 1;
					throw error;
				});
			}
		}
		const account = new Behind(network.accounts[2].privateKey, provider);
		await provider.send("evm_setAutomine", [false]);
		onTestFinished(async () => {
			await provider.send("evm_setAutomine", [true]);
			provider.destroy();
		});
		const fees = { maxFeePerGas: 10n ** 12n, maxPriorityFeePerGas: 10n ** 12n };
		await network.accounts[2].sendTransaction({ to: account.address, ...fees });
		const creating = network.registry.connect(account).createOrganization();
		let hasFailed = false;
		creating.catch(() => {
			hasFailed = true;
		});
		const countPending = async (): Promise<number> =>
			Number(await provider.send("eth_getBlockTransactionCountByNumber", ["pending"]));
		await until(async () => hasFailed || (await countPending()) === 2);
		await provider.send("evm_mine", []);
		expect(await network.registry.read((await creating).orgId)).toMatchObject({ owner: account.address });
		expect(refused).toBe(1);
	});
});

describe("writing to the wrong place", () => {
	const someone = new Wallet(`0x${"42".repeat(32)}`);

	it("T35: sends nothing to a node of another chain or to an address without code", async () => {
		const account = someone.connect(network.provider);
		const { rpcUrl, registry } = network;
		const elsewhere = createRegistry({ chainId: 1, rpcUrl, address: registry.address }).connect(account);
		await expect(elsewhere.createOrganization()).rejects.toMatchObject({
			code: "registry/wrong-chain",
			details: { expected: 1, actual: 31337 },
		});
		const nothing = createRegistry({ chainId: 31337, rpcUrl, address: `0x${"11".repeat(20)}` }).connect(account);
		await expect(nothing.createOrganization()).rejects.toMatchObject({ code: "registry/no-contract" });
		elsewhere.close();
		nothing.close();
	});

	it("reports an account without ether or without a node, not in the node's words", async () => {
		for (const account of [someone.connect(network.provider), someone]) {
			for (const work of [
				() => network.registry.connect(account).createOrganization(),
				() => deployRegistry(account),
			]) {
				await expect(work()).rejects.toMatchObject({
					code: account.provider === null ? "config/invalid-option" : "registry/reverted",
					message: expect.not.stringMatching(/upfront|127\.0\.0\.1/),
				});
			}
		}
	});
});
