import { computeAddress, JsonRpcProvider, Network } from "ethers";
import { expect, it, onTestFinished } from "vitest";
import { encodeHex } from "../../src/encoding/hex.ts";
import { generateKeyPair, type KeyPair } from "../../src/keys/generate.ts";
import type { PrivateKey } from "../../src/keys/private-key.ts";
import { pointOf } from "../../src/keys/public-key.ts";
import { type ConnectionOptions, connect } from "../../src/registry/connection.ts";
import type { TransactionAccount } from "../../src/registry/transaction-account.ts";
import { createWallets } from "../../src/registry/wallets.ts";

const RPC_URL = "http://127.0.0.1:9";
const [KEY, OTHER_KEY] = [await generateKeyPair(), await generateKeyPair()];

const addressOf = ({ publicKey }: KeyPair): string => computeAddress(encodeHex(pointOf(publicKey)));

const create = (options: Partial<ConnectionOptions>) =>
	createWallets(connect({ chainId: 5, address: `0x${"11".repeat(20)}`, ...options }));

const open = (): JsonRpcProvider => {
	const network = Network.from(5);
	const provider = new JsonRpcProvider(RPC_URL, network, { staticNetwork: network });
	onTestFinished(() => provider.destroy());
	return provider;
};

/** The account's provider, which is one of ethers. */
const providerOf = ({ provider }: TransactionAccount): JsonRpcProvider => provider as unknown as JsonRpcProvider;

it("accounts have the addresses of their keys, and share a provider of the chain", async () => {
	const wallets = create({ rpcUrl: RPC_URL });
	const load = async (key: PrivateKey) => (await wallets.load(key)) as TransactionAccount & { address: string };
	const [first, second] = [await load(KEY.privateKey), await load(OTHER_KEY.privateKey)];
	expect(first.address).toBe(addressOf(KEY));
	expect(second.address).toBe(addressOf(OTHER_KEY));
	expect(providerOf(second)).toBe(providerOf(first));
	expect((await providerOf(first).getNetwork()).chainId).toBe(5n);
	wallets.close();
});

it("accounts are closed, but a provider that was given isn't", async () => {
	const given = open();
	for (const [options, isClosed] of [
		[{ rpcUrl: RPC_URL }, true],
		[{ provider: given }, false],
	] as const) {
		const wallets = create(options);
		const account = await wallets.load(KEY.privateKey);
		wallets.close();
		await Promise.resolve();
		expect(providerOf(account).destroyed).toBe(isClosed);
	}
});

it("nothing has to be closed before an account is used", () => {
	expect(create({ rpcUrl: RPC_URL }).close()).toBeUndefined();
});
