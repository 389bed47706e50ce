/**
 * Puts the registry contract on a chain.
 * @module
 */
import { ContractFactory, type ContractTransactionResponse, Interface, type Signer } from "ethers";
import { RegistryError } from "../errors/errors.js";
import { invalidOption } from "../options/invalid-option.js";
import { attempt, readChainId } from "./connection.js";
import type { Address } from "./org-record.js";
import { orgIdRegistryAbi, orgIdRegistryBytecode } from "./orgid-registry.contract.js";
import { confirm, toWriteError } from "./transaction.js";

/** Where the new contract is and what it cost. */
export interface Deployment {
	/** The contract. */
	readonly address: Address;
	/** Hash of the transaction. */
	readonly transactionHash: `0x${string}`;
	/** Gas it used. */
	readonly gasUsed: bigint;
}

/**
 * Deploys the registry contract. It has no owner and no admin: whoever deploys it has no power over it.
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
 * @param account an ethers 6 `Signer` with a provider, who pays
 * @returns the deployment, once it stands in a block
 * @throws {RegistryError} `registry/unreachable`, `registry/wrong-chain`, `registry/reverted`
 */
export async function deployRegistry(account: Signer): Promise<Deployment> {
	await requireOneChain(account);
	const abi = new Interface(orgIdRegistryAbi);
	const transaction = await submit(account, abi);
	const receipt = await confirm(abi, "deployment", transaction);
	return {
		address: receipt.contractAddress as Address,
		transactionHash: receipt.hash as `0x${string}`,
		gasUsed: receipt.gasUsed,
	};
}

async function submit(account: Signer, abi: Interface): Promise<ContractTransactionResponse> {
	try {
		const contract = await new ContractFactory(abi, orgIdRegistryBytecode, account).deploy();
		return contract.deploymentTransaction() as ContractTransactionResponse;
	} catch (cause) {
		throw toWriteError(abi, "deployment", cause);
	}
}

/** What the account's provider was told must be what its node says. */
async function requireOneChain({ provider }: Signer): Promise<void> {
	if (provider === null) throw invalidOption("account", "connected to a provider");
	const [{ chainId }, actual] = await attempt(() =>
		Promise.all([provider.getNetwork(), readChainId(provider)]),
	);
	if (Number(chainId) === actual) return;
	throw new RegistryError(
		"registry/wrong-chain",
		`expected a node of chain ${chainId}, got one of ${actual}`,
		{
			details: { expected: Number(chainId), actual },
		},
	);
}
