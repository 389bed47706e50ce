/**
 * Registries of organizations and keys that the benchmarks deploy on a local chain.
 * @module
 */
import { createRequire } from "node:module";
import { type Contract, ContractFactory, type Signer as EthersSigner, type InterfaceAbi } from "ethers";
import { EthereumDIDRegistry } from "ethr-did-registry";
import type { Address } from "orgpass/registry";

interface Artifact {
	readonly abi: InterfaceAbi;
	readonly bytecode: string;
}

const require = createRequire(import.meta.url);

/** A contract on the chain, used by the account that deployed it. */
export interface Deployed {
	readonly contract: Contract;
	readonly address: Address;
}

export function deployOrgIdV1(account: EthersSigner): Promise<Deployed> {
	return deployInitialized(require("orgid-v1/build/contracts/OrgId.json") as Artifact, account);
}

export function deployOrgIdV3(account: EthersSigner): Promise<Deployed> {
	return deployInitialized(require("orgid-v3/dist/artifacts/contracts/OrgId.sol/OrgId.json") as Artifact, account);
}

export function deployEthrDidRegistry(account: EthersSigner): Promise<Deployed> {
	return deploy(EthereumDIDRegistry, account);
}

async function deployInitialized(artifact: Artifact, account: EthersSigner): Promise<Deployed> {
	const deployed = await deploy(artifact, account);
	await (await deployed.contract.getFunction("initialize()").send()).wait();
	return deployed;
}

async function deploy({ abi, bytecode }: Artifact, account: EthersSigner): Promise<Deployed> {
	const contract = (await (await new ContractFactory(abi, bytecode, account).deploy()).waitForDeployment()) as Contract;
	return { contract, address: (await contract.getAddress()) as Address };
}
