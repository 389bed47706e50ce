import { createRequire } from "node:module";
import { JsonRpcProvider as OurJsonRpcProvider, Wallet as OurWallet } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import { importPrivateKey } from "../../src/keys/import-private-key.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { deployRegistry } from "../../src/registry/deploy-registry.ts";
import type { TransactionAccount } from "../../src/registry/transaction-account.ts";
import { startTestNetwork } from "../../src/testing/test-network.ts";
import { createOrgIdAccountMinter } from "../../src/tokens/orgid-account/account-minter.ts";
import { orgidAccount } from "../../src/tokens/orgid-account/orgid-account.ts";

/** The package's CommonJS build: other classes than those that orgpass uses, also for the type checker. */
type SecondEthers = typeof import("ethers", { with: { "resolution-mode": "require" }});
const { BrowserProvider, JsonRpcProvider, Wallet }: SecondEthers = createRequire(import.meta.url)("ethers");

let network: Awaited<ReturnType<typeof startTestNetwork<1>>>;
let provider: InstanceType<SecondEthers["JsonRpcProvider"]>;
beforeAll(async () => {
	network = await startTestNetwork({ organizations: 1 });
	provider = new JsonRpcProvider(network.rpcUrl, undefined, { cacheTimeout: -1 });
	provider.pollingInterval = 20;
});
afterAll(async () => {
	provider.destroy();
	await network.close();
});

it("the second copy of ethers has classes of its own", () => {
	expect(new Wallet(network.accounts[0].privateKey)).not.toBeInstanceOf(OurWallet);
	expect(provider).not.toBeInstanceOf(OurJsonRpcProvider);
});

describe("a registry is changed by", () => {
	const accounts: Record<string, () => Promise<TransactionAccount> | TransactionAccount> = {
		"a wallet of another copy of ethers": () => new Wallet(network.accounts[0].privateKey, provider),
		"an account of the node": () => provider.getSigner(network.accounts[0].address),
		"a browser wallet's account": () => {
			const browser = new BrowserProvider({ request: ({ method, params }) => provider.send(method, params ?? []) });
			browser.pollingInterval = 20;
			return browser.getSigner(network.accounts[0].address);
		},
		"an object with a provider and sendTransaction": () => {
			const wallet = new Wallet(network.accounts[0].privateKey, provider);
			return {
				provider: { getNetwork: async () => ({ chainId: 31337 }) },
				sendTransaction: (transaction) => wallet.sendTransaction(transaction),
			};
		},
	};

	it.each(Object.entries(accounts))("%s", async (_, open) => {
		const account = await open();
		const registry = network.registry.connect(account);
		const { orgId } = await registry.createOrganization();
		expect(await registry.read(orgId)).toMatchObject({ owner: network.accounts[0].address });
		await expect(registry.revokeKey(orgId, "none")).rejects.toMatchObject({
			code: "registry/reverted",
			details: { error: "KeyNotFound" },
		});
		const { address } = await deployRegistry(account);
		expect(await network.provider.getCode(address)).not.toBe("0x");
	});

	it("a private key, through the registry's node", async () => {
		const key = await importPrivateKey(network.accounts[1].privateKey);
		const { chainId, registry } = network;
		const writer = createRegistry({ chainId, provider, address: registry.address }).connect(key);
		for (const account of [writer, registry.connect(key)]) {
			const { orgId } = await account.createOrganization();
			expect(await registry.read(orgId)).toMatchObject({ owner: network.accounts[1].address });
		}
	});

	it.each([undefined, "0x11", {}, Promise.resolve()])("nothing but an account: %o", (account) => {
		const connect = () => network.registry.connect(account as unknown as TransactionAccount);
		expect(connect).toThrow(expect.objectContaining({ code: "config/invalid-option", details: { option: "account" } }));
	});

	it("no account of another chain", async () => {
		const wallet = new Wallet(network.accounts[0].privateKey, provider);
		const account: TransactionAccount = {
			provider: { getNetwork: async () => ({ chainId: 1n }) },
			sendTransaction: (transaction) => wallet.sendTransaction(transaction),
		};
		await expect(network.registry.connect(account).createOrganization()).rejects.toMatchObject({
			code: "config/invalid-option",
			details: { expected: 31337, actual: 1 },
		});
	});
});

it("a registry reads through a provider of another copy of ethers", async () => {
	const [{ did, orgId }] = network.organizations;
	const { chainId, registry } = network;
	const reader = createRegistry({ chainId, address: registry.address, provider });
	expect(await reader.read(orgId)).toMatchObject({ did });
	expect(await reader.readEvents({ fromBlock: 0 })).toEqual(await registry.readEvents({ fromBlock: 0 }));
	await expect(createRegistry({ chainId: 1, address: registry.address, provider }).list()).rejects.toMatchObject({
		code: "registry/wrong-chain",
		details: { host: new URL(network.rpcUrl).host, expected: 1, actual: 31337 },
	});
});

describe("account tokens", () => {
	const minterOf = (key: Parameters<typeof createOrgIdAccountMinter>[0]["key"]) => {
		const [{ did: issuer }] = network.organizations;
		return createOrgIdAccountMinter({
			key,
			issuer,
			registry: network.registry.address,
			audience: issuer,
			now: network.now,
		});
	};

	it("are signed by a wallet of another copy of ethers, by an account of the node, and by a private key", async () => {
		const [{ did, owner }] = network.organizations;
		const profile = orgidAccount({ audience: did, resolver: network.resolver });
		const verifier = createVerifier({ profiles: [profile], now: network.now });
		const keys = [
			new Wallet(owner.privateKey),
			await provider.getSigner(owner.address),
			await importPrivateKey(owner.privateKey),
		];
		for (const key of keys) {
			expect(await verifier.verify(await minterOf(key).mint())).toMatchObject({ keyId: `${did}#owner` });
		}
	});

	it("aren't returned if a wallet of another copy of ethers signs something else", async () => {
		const wallet = new Wallet(network.accounts[0].privateKey);
		wallet.signTypedData = () => wallet.signMessage("something else");
		await expect(minterOf(wallet).mint()).rejects.toMatchObject({ code: "key/signing-fault" });
	});
});
