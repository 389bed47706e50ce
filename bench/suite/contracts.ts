/**
 * Registries of organizations and keys that the benchmarks deploy on a local chain.
 * @module
 */
import { createRequire } from "node:module";
import { type Contract, ContractFactory, type Signer as EthersSigner, type InterfaceAbi } from "ethers";
import { EthereumDIDRegistry } from "ethr-did-registry";

interface Artifact {
	readonly abi: InterfaceAbi;
	readonly bytecode: string;
}

const require = createRequire(import.meta.url);

export function deployOrgIdV1(account: EthersSigner): Promise<Contract> {
	return deployInitialized(require("orgid-v1/build/contracts/OrgId.json") as Artifact, account);
}

export function deployOrgIdV3(account: EthersSigner): Promise<Contract> {
	return deployInitialized(require("orgid-v3/dist/artifacts/contracts/OrgId.sol/OrgId.json") as Artifact, account);
}

export function deployEthrDidRegistry(account: EthersSigner): Promise<Contract> {
	return deploy(EthereumDIDRegistry, account);
}

async function deployInitialized(artifact: Artifact, account: EthersSigner): Promise<Contract> {
	const contract = await deploy(artifact, account);
	await (await contract.getFunction("initialize()").send()).wait();
	return contract;
}

async function deploy({ abi, bytecode }: Artifact, account: EthersSigner): Promise<Contract> {
	const contract = await new ContractFactory(abi, bytecode, account).deploy();
	return (await contract.waitForDeployment()) as Contract;
}
