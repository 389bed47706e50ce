/**
 * Puts the registry contract on a chain.
 * @module
 */
import { ContractFactory, Interface, type Signer } from "ethers";
import type { Address } from "./org-record.js";
import { orgIdRegistryAbi, orgIdRegistryBytecode } from "./orgid-registry.contract.js";
import { toRegistryError } from "./transaction.js";

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
 * @throws {RegistryError} `registry/unreachable`, `registry/reverted`
 */
export async function deployRegistry(account: Signer): Promise<Deployment> {
	try {
		const factory = new ContractFactory(orgIdRegistryAbi, orgIdRegistryBytecode, account);
		const contract = await factory.deploy();
		const receipt = await contract.deploymentTransaction()?.wait();
		if (!receipt?.contractAddress) throw new Error("no receipt");
		return {
			address: receipt.contractAddress as Address,
			transactionHash: receipt.hash as `0x${string}`,
			gasUsed: receipt.gasUsed,
		};
	} catch (cause) {
		throw toRegistryError(new Interface(orgIdRegistryAbi), "deployment", cause);
	}
}
