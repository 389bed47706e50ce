import { BrowserProvider, type Eip1193Provider } from "ethers";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import type { Registry } from "../../src/registry/registry.ts";
import { createWalletAccount } from "../../src/registry/wallet-account.ts";
import { startTestNetwork } from "../../src/testing/test-network.ts";
import { isWaiting, pass, until } from "../support/patient-timers.ts";
import { refusalOf } from "../support/refusal.ts";

let network: Awaited<ReturnType<typeof startTestNetwork<0>>>;
let owner: string;
beforeAll(async () => {
	network = await startTestNetwork({ organizations: 0 });
	owner = network.accounts[0].address;
});
afterAll(() => network.close());

type Answer = (params: readonly unknown[]) => unknown;

/** A wallet over the chain, which unlocks its accounts; some methods have another answer. */
function walletWith(answers: Readonly<Record<string, Answer>> = {}) {
	const methods: string[] = [];
	const request: Eip1193Provider["request"] = async ({ method, params = [] }) => {
		methods.push(method);
		const answer = answers[method];
		if (answer !== undefined) return answer(params as unknown[]);
		const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
		const headers = { "content-type": "application/json" };
		const response = await fetch(network.rpcUrl, { method: "POST", headers, body });
		const { result, error } = (await response.json()) as { result?: unknown; error?: unknown };
		if (error !== undefined) throw error;
		return result;
	};
	return { request, methods };
}

function reject(error: unknown): Answer {
	return () => {
		throw error;
	};
}

function connect(wallet: Eip1193Provider, address = owner): Registry {
	return network.registry.connect(createWalletAccount(wallet, address));
}

describe("an account of an EIP-1193 wallet", () => {
	it("writes, and has the same receipts as any other", async () => {
		const registry = connect(walletWith());
		const { orgId, ...receipt } = await registry.createOrganization();
		expect(await registry.read(orgId)).toMatchObject({ owner, blockNumber: receipt.blockNumber });
		expect(receipt).toEqual({
			did: `did:orgid:31337:${orgId}`,
			transactionHash: expect.stringMatching(/^0x[0-9a-f]{64}$/),
			gasUsed: expect.any(BigInt),
			blockNumber: expect.any(Number),
		});
	});

	it("doesn't show the user a transaction that the registry would refuse", async () => {
		const { orgId } = await connect(walletWith()).createOrganization();
		const wallet = walletWith();
		await expect(connect(wallet, network.accounts[1].address).setActive(orgId, false)).rejects.toMatchObject({
			code: "registry/unauthorized",
			details: { error: "CallerNotOwner" },
		});
		expect(wallet.methods).not.toContain("eth_sendTransaction");
	});

	it.each([
		["this account", (wallet: Eip1193Provider) => createWalletAccount(wallet, owner)],
		["a signer of ethers", (wallet: Eip1193Provider) => new BrowserProvider(wallet).getSigner(owner)],
	])("reports that the user of %s refused", async (_, open) => {
		const wallet = walletWith({
			eth_sendTransaction: reject({ code: 4001, message: "User denied transaction signature" }),
			eth_requestAccounts: () => [owner],
		});
		const before = await network.provider.getBlockNumber();
		const registry = network.registry.connect(await open(wallet));
		await expect(registry.createOrganization()).rejects.toMatchObject({
			code: "registry/rejected",
			message: expect.not.stringContaining("denied"),
		});
		expect(await network.provider.getBlockNumber()).toBe(before);
	});

	it("is refused on another chain", async () => {
		const wallet = walletWith({ eth_chainId: () => "0x1" });
		await expect(connect(wallet).createOrganization()).rejects.toMatchObject({
			code: "config/invalid-option",
			details: { expected: 31337, actual: 1 },
		});
		expect(wallet.methods).toEqual(["eth_chainId"]);
	});

	it("T101: names the chain, so that a wallet that has changed to another one since it was asked doesn't sign", async () => {
		const asked: unknown[] = [];
		const wallet = walletWith({
			eth_sendTransaction([transaction]) {
				asked.push(transaction);
				// What the chain itself says when it is another one.
				return walletWith().request({
					method: "eth_sendTransaction",
					params: [{ ...Object(transaction), chainId: "0x1" }],
				});
			},
		});
		await expect(connect(wallet).createOrganization()).rejects.toMatchObject({ code: "registry/unreachable" });
		expect(asked).toMatchObject([{ from: owner, chainId: "0x7a69" }]);
	});

	it.each([
		["the chain", walletWith()],
		["a wallet", walletWith({ eth_estimateGas: reject({ code: -32603, data: { message: "insufficient funds" } }) })],
	])("reports an account without ether, as %s says it", async (_, wallet) => {
		const poor = (network.accounts.at(-1) as { address: string }).address;
		await network.provider.send("hardhat_setBalance", [poor, "0x0"]);
		await expect(connect(wallet, poor).createOrganization()).rejects.toMatchObject({
			code: "registry/reverted",
			message: expect.stringContaining("can't pay"),
		});
	});

	it.each([
		["an invalid hash", { eth_sendTransaction: () => "0x1" }],
		["a locked wallet", { eth_sendTransaction: reject({ code: 4100, message: "locked" }) }],
		["a disconnected one", { eth_estimateGas: reject({ code: 4900, message: "gone" }) }],
	])("reports %s", async (_, answers) => {
		await expect(connect(walletWith(answers)).createOrganization()).rejects.toMatchObject({
			code: "registry/unreachable",
		});
	});

	it("reports a transaction that was sent, but failed", async () => {
		const { orgId } = await connect(walletWith()).createOrganization();
		const estimate = () => "0x100000";
		const wallet = walletWith({
			eth_estimateGas: estimate,
			eth_getTransactionReceipt: () => ({ status: "0x0" }),
		});
		await expect(connect(wallet).setActive(orgId, false)).rejects.toMatchObject({ code: "registry/reverted" });
	});

	it("waits for the user as long as they need, unlike for a node", async () => {
		expect(createWalletAccount(walletWith(), owner).sendTimeoutMs).toBe(Number.POSITIVE_INFINITY);
		const never = { ...createWalletAccount(walletWith(), owner), sendTransaction: () => new Promise<never>(() => {}) };
		const hasty = network.registry.connect({ ...never, sendTimeoutMs: 10 });
		await expect(hasty.createOrganization()).rejects.toMatchObject({ code: "registry/unreachable" });
	});

	it("waits half a minute for a wallet that doesn't say whether the transaction would revert", async () => {
		vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
		onTestFinished(() => void vi.useRealTimers());
		let ask = (): void => {};
		const asked = new Promise<void>((resolve) => {
			ask = resolve;
		});
		const wallet = walletWith({ eth_estimateGas: () => new Promise(ask) });
		const creation = expect(connect(wallet).createOrganization()).rejects;
		const refusal = creation.toMatchObject({ code: "registry/unreachable" });
		await asked;
		await vi.advanceTimersByTimeAsync(30_000);
		await refusal;
		expect(wallet.methods).not.toContain("eth_sendTransaction");
	});

	it("refuses what is neither a wallet nor an address", () => {
		const expected = expect.objectContaining({ code: "config/invalid-option" });
		expect(() => createWalletAccount({} as never, owner)).toThrow(expected);
		expect(() => createWalletAccount(undefined as never, owner)).toThrow(expected);
		for (const address of ["0x1", undefined]) {
			expect(() => createWalletAccount(walletWith(), address as string)).toThrow(expected);
		}
	});
});

describe("T101: a receipt of a wallet that lies", () => {
	const hash = `0x${"ab".repeat(32)}`;
	const sent = { eth_estimateGas: () => "0x1", eth_sendTransaction: () => hash, eth_getTransactionByHash: () => null };
	const valid = { status: "0x1", blockNumber: "0x2", gasUsed: "0x1", contractAddress: null, logs: [] };

	it.each<[string, unknown]>([
		["no status", { ...valid, status: undefined }],
		["the status 0", { ...valid, status: 0 }],
		["the status 0x00", { ...valid, status: "0x00" }],
		["the status false", { ...valid, status: false }],
		["no block", { ...valid, blockNumber: null }],
		["a block that is no number", { ...valid, blockNumber: "latest" }],
		["gas that is no number", { ...valid, gasUsed: "much" }],
		["no logs", { ...valid, logs: null }],
		["a log that is none", { ...valid, logs: [null] }],
		["a log without topics", { ...valid, logs: [{ address: hash.slice(0, 42), data: "0x" }] }],
		["a log of no contract", { ...valid, logs: [{ topics: [], data: "0x" }] }],
		["text instead", "0x1"],
	])("doesn't count with %s", async (_, receipt) => {
		const { orgId } = await connect(walletWith()).createOrganization();
		const registry = connect(walletWith({ ...sent, eth_getTransactionReceipt: () => receipt }));
		await expect(registry.setActive(orgId, false)).rejects.toMatchObject({
			code: "registry/unreachable",
			details: { transactionHash: hash },
		});
	});

	/** Puts the logs of another account's new organization before those of one's own, as a bundle of transactions has. */
	async function bundleWithStranger(change: object) {
		const { orgId, transactionHash } = await connect(walletWith(), network.accounts[1].address).createOrganization();
		const { request } = walletWith();
		const { logs } = await request({ method: "eth_getTransactionReceipt", params: [transactionHash] });
		const wallet = walletWith({
			async eth_getTransactionReceipt(params) {
				const receipt = await request({ method: "eth_getTransactionReceipt", params: params as unknown[] });
				const others = (logs as object[]).map((log) => ({ ...log, ...change }));
				return receipt && { ...receipt, logs: [...others, ...receipt.logs] };
			},
		});
		return { wallet, stranger: orgId };
	}

	it("isn't searched for another contract's events", async () => {
		const { wallet, stranger } = await bundleWithStranger({ address: owner });
		const { orgId } = await connect(wallet).createOrganization();
		expect(orgId).not.toBe(stranger);
		expect(await network.registry.read(orgId)).toMatchObject({ owner });
	});

	it("names no organization if its logs can't be decoded", async () => {
		const { request } = walletWith();
		const wallet = walletWith({
			async eth_getTransactionReceipt(params) {
				const receipt = await request({ method: "eth_getTransactionReceipt", params: params as unknown[] });
				const logs = (receipt?.logs ?? []) as { readonly topics: readonly string[] }[];
				return receipt && { ...receipt, logs: logs.map((log) => ({ ...log, topics: log.topics.slice(0, 1) })) };
			},
		});
		await expect(connect(wallet).createOrganization()).rejects.toMatchObject({ code: "registry/bad-response" });
	});

	it("names no organization if it has several new ones", async () => {
		const { wallet } = await bundleWithStranger({});
		await expect(connect(wallet).createOrganization()).rejects.toMatchObject({
			code: "registry/bad-response",
			details: { transactionHash: expect.any(String) },
		});
	});

	it.each(["eth_getTransactionByHash", "eth_getTransactionCount", "eth_getTransactionReceipt"])(
		"isn't waited for any longer than was said if %s is never answered",
		async (method) => {
			const never = () => new Promise(() => {});
			const answers = { ...sent, eth_getTransactionByHash: () => ({ nonce: "0x1" }), [method]: never };
			const account = createWalletAccount(walletWith(answers), owner);
			const { wait } = await account.sendTransaction({ to: owner, data: "0x" });
			expect(await wait(1, 50)).toBeNull();
		},
	);
});

describe("a transaction that is sent again with the same nonce", () => {
	/** Replaces it, before it is mined, by the transaction given. */
	async function replace(change: object): Promise<Eip1193Provider> {
		await network.provider.send("evm_setAutomine", [false]);
		const wallet = walletWith();
		let isReplaced = false;
		let isMined = false;
		return walletWith({
			async eth_requestAccounts() {
				return [owner];
			},
			// Ethers remembers answers for a while, and looks for a replacement when there is another block.
			async eth_blockNumber() {
				if (isMined) await network.provider.send("evm_mine", []);
				return wallet.request({ method: "eth_blockNumber" });
			},
			async eth_getTransactionReceipt([hash]) {
				const sent = (await network.provider.send("eth_getTransactionByHash", [hash])) as Record<string, string> | null;
				if (sent?.["blockNumber"] === null && !isReplaced) {
					isReplaced = true;
					const fee = `0x${(BigInt(sent["maxFeePerGas"] ?? 0) * 2n).toString(16)}`;
					const { to, input, nonce, gas } = sent;
					const fees = { maxFeePerGas: fee, maxPriorityFeePerGas: fee };
					await network.provider.send("eth_sendTransaction", [
						{ from: owner, to, data: input, nonce, gas, ...fees, ...change },
					]);
					await network.provider.send("evm_mine", []);
					await network.provider.send("evm_setAutomine", [true]);
					isMined = true;
				}
				return wallet.request({ method: "eth_getTransactionReceipt", params: [hash] });
			},
		});
	}

	it("is reported, because nobody knows what the other one did", async () => {
		const wallet = await replace({ to: owner, data: "0x" });
		const creating = refusalOf(() => connect(wallet).createOrganization());
		let isOver = false;
		void creating.finally(() => {
			isOver = true;
		});
		await until(async () => {
			if (isWaiting(1_000)) await pass(1_000);
			return isOver;
		});
		expect(await creating).toMatchObject({
			code: "registry/reverted",
			message: expect.stringContaining("took the place"),
			details: { transactionHash: expect.any(String) },
		});
	});

	it.each([
		["the same change with a higher fee counts", () => ({}), true],
		["the same change doesn't if it failed", () => ({ gas: "0xc350" }), false],
		["another transaction doesn't, even if it succeeded", () => ({ to: owner, data: "0x" }), false],
	])("with a signer of ethers, %s", async (_, change, counts) => {
		const wallet = await replace(change());
		const provider = new BrowserProvider(wallet);
		provider.pollingInterval = 20;
		const signer = await provider.getSigner(owner);
		const creating = network.registry.connect(signer).createOrganization();
		if (!counts) await expect(creating).rejects.toMatchObject({ code: "registry/reverted" });
		else expect(await network.registry.read((await creating).orgId)).toMatchObject({ owner });
	});
});
