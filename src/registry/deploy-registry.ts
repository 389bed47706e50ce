/** @module */
import { RegistryError } from "../errors/errors.js";
import { invalidOption } from "../options/invalid-option.js";
import { readChainId } from "./chain-reads.js";
import { assertNodeChain, attempt } from "./connection.js";
import type { Address } from "./org-record.js";
import { orgIdRegistryAbi, orgIdRegistryBytecode } from "./orgid-registry.contract.js";
import { senderOf } from "./sender-of.js";
import type { SentTransaction, TransactionAccount, TransactionData } from "./transaction-account.js";

/** The new contract and what it cost. */
export interface Deployment {
	readonly address: Address;
	readonly transactionHash: `0x${string}`;
	readonly gasUsed: bigint;
}

/**
 * Deploys the registry contract. It has no owner and no admin: the deployer has no control over it.
 *
 * @example
 * ```ts
 * import { deployRegistry } from "orgpass/registry";
 * import { startTestNetwork } from "orgpass/testing";
 *
 * const network = await startTestNetwork({ organizations: 0 });
 * const { address } = await deployRegistry(network.accounts[0]);
 * address.length; // => 42
 * await network.close();
 * ```
 * @param account an ethers 6 `Signer` with a provider, or your own object; it pays the gas
 * @returns the deployment, once it is in a block
 * @throws {ConfigError} `config/invalid-option`
 * @throws {RegistryError} `registry/unreachable`, `registry/wrong-chain`, `registry/reverted`, `registry/bad-response`
 */
export async function deployRegistry(account: TransactionAccount): Promise<Deployment> {
	const { provider } = account;
	if (provider === null) throw invalidOption("account", "connected to a provider");
	const request = () => Promise.all([provider.getNetwork(), readChainId(provider)]);
	const [{ chainId }, actual] = await attempt(provider, request);
	// The account's provider must be configured for the chain that its node serves.
	assertNodeChain(provider, actual, Number(chainId));
	const [ethers, { sendAndConfirm }] = await Promise.all([import("ethers"), import("./transaction.js")]);
	const abi = new ethers.Interface(orgIdRegistryAbi);
	const from = senderOf(account);
	let expected: string | undefined;
	const sendTransaction = async (transaction: TransactionData): Promise<SentTransaction> => {
		const sent = await account.sendTransaction(transaction);
		const { nonce } = sent as { readonly nonce?: unknown };
		if (from !== undefined && typeof nonce === "number") expected = ethers.getCreateAddress({ from, nonce });
		return sent;
	};
	const { sendTimeoutMs } = account;
	const sender = { provider, sendTransaction, ...(sendTimeoutMs === undefined ? {} : { sendTimeoutMs }) };
	const receipt = await sendAndConfirm(sender, { abi }, "deployment", () => ({ data: orgIdRegistryBytecode }));
	// A node could have someone use its own contract.
	if (expected !== undefined && receipt.contractAddress?.toLowerCase() !== expected.toLowerCase()) {
		const message = `the receipt of ${receipt.hash} names another contract than ${expected}`;
		throw new RegistryError("registry/bad-response", message, { details: { transactionHash: receipt.hash } });
	}
	return {
		address: receipt.contractAddress as Address,
		transactionHash: receipt.hash as `0x${string}`,
		gasUsed: receipt.gasUsed,
	};
}
