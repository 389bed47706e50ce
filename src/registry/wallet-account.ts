/**
 * An account of an EIP-1193 wallet, such as a browser's.
 * @module
 */
import type { Eip1193Provider } from "ethers";
import pTimeout from "p-timeout";
import { invalidOption } from "../options/invalid-option.js";
import { toWalletSender } from "./chain-reads.js";
import { codedError } from "./coded-error.js";
import { parseQuantity } from "./quantity.js";
import { parseReceipt } from "./receipt.js";
import type { RpcSender } from "./rpc-provider.js";
import type { MinedTransaction, SentTransaction, TransactionAccount, TransactionData } from "./transaction-account.js";

const ADDRESS = /^0x[\da-f]{40}$/i;
const HASH = /^0x[\da-f]{64}$/i;
const POLLING_MS = 1_000;
/** No user is asked meanwhile. */
const ESTIMATE_TIMEOUT_MS = 30_000;

/**
 * Returns an account of a wallet that implements EIP-1193, to write to a registry with it. The wallet shows each
 * transaction to its user, for as long as they need; one that would revert isn't shown. If they refuse, the write rejects
 * with `registry/rejected`.
 *
 * @example
 * ```ts
 * import { createWalletAccount } from "orgpass/registry";
 * import { startTestNetwork } from "orgpass/testing";
 *
 * const { provider, accounts, registry, close } = await startTestNetwork({ organizations: 0 });
 * // In a browser, the wallet is for example `window.ethereum`.
 * const account = createWalletAccount(
 *   { request: ({ method, params = [] }) => provider.send(method, params) },
 *   accounts[0].address,
 * );
 * const { orgId } = await registry.connect(account).createOrganization();
 * (await registry.read(orgId))?.owner === accounts[0].address; // => true
 * await close();
 * ```
 * @param wallet an EIP-1193 provider
 * @param address one of the accounts that it returned for `eth_requestAccounts`
 * @returns the account
 * @throws {ConfigError} `config/invalid-option`
 * @see EIP-1193, EIP-1474
 */
export function createWalletAccount(wallet: Eip1193Provider, address: string): TransactionAccount {
	if (typeof wallet?.request !== "function") throw invalidOption("wallet", "an EIP-1193 provider");
	if (typeof address !== "string" || !ADDRESS.test(address))
		throw invalidOption("address", "an address", { got: address });
	const sender = toWalletSender(wallet);
	return {
		provider: { getNetwork: async () => ({ chainId: BigInt(String(await sender.send("eth_chainId", []))) }) },
		sendTimeoutMs: Number.POSITIVE_INFINITY,
		sendTransaction: (transaction) => send(sender, { from: address, ...transaction }),
	};
}

async function send(
	sender: RpcSender,
	transaction: TransactionData & { readonly from: string },
): Promise<SentTransaction> {
	await pTimeout(sender.send("eth_estimateGas", [transaction]), { milliseconds: ESTIMATE_TIMEOUT_MS });
	const hash = await sender.send("eth_sendTransaction", [transaction]);
	if (typeof hash !== "string" || !HASH.test(hash)) throw codedError("BAD_DATA", "the transaction's hash is invalid");
	const sent = { hash, from: transaction.from };
	return {
		hash,
		// A wallet may leave a request without an answer.
		wait: (_, milliseconds) =>
			pTimeout(waitForReceipt(sender, sent, milliseconds), { milliseconds, fallback: () => null }),
	};
}

interface Sent {
	readonly hash: string;
	readonly from: string;
}

async function waitForReceipt(sender: RpcSender, sent: Sent, timeoutMs: number): Promise<MinedTransaction | null> {
	const endsAt = performance.now() + timeoutMs;
	let nonce: number | undefined;
	while (performance.now() < endsAt) {
		nonce ??= await readNonce(sender, sent.hash);
		// In this order: what is mined in between isn't taken for a replacement.
		const used = nonce === undefined ? undefined : await readUsedNonces(sender, sent.from);
		const receipt = await sender.send("eth_getTransactionReceipt", [sent.hash]);
		if (receipt !== null) return parseReceipt(sent.hash, receipt);
		if (nonce !== undefined && used !== undefined && used > nonce) {
			throw codedError("TRANSACTION_REPLACED", "another transaction has the nonce");
		}
		await new Promise((resolve) => setTimeout(resolve, POLLING_MS));
	}
	return null;
}

async function readNonce(sender: RpcSender, hash: string): Promise<number | undefined> {
	const transaction = (await sender.send("eth_getTransactionByHash", [hash])) as { readonly nonce?: unknown } | null;
	return parseQuantity(transaction?.nonce);
}

async function readUsedNonces(sender: RpcSender, address: string): Promise<number | undefined> {
	return parseQuantity(await sender.send("eth_getTransactionCount", [address, "latest"]));
}
