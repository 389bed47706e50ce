/**
 * Every generation of registry contract on one chain: ours, and Winding Tree's own bytecode from npm.
 * @module
 */
import { createRequire } from "node:module";
import { ContractFactory, type Signer as EthersSigner, type InterfaceAbi } from "ethers";
import type { RegistryKind } from "../../src/registry/adapters/adapter.ts";
import { ADAPTERS } from "../../src/registry/adapters/adapters.ts";
import { deployRegistry } from "../../src/registry/deploy-registry.ts";
import type { Address } from "../../src/registry/org-record.ts";

/** The generations, oldest last. */
export const KINDS = Object.keys(ADAPTERS) as readonly RegistryKind[];

interface Artifact {
	readonly abi: InterfaceAbi;
	readonly bytecode: string;
}

const require = createRequire(import.meta.url);
const ARTIFACTS: Readonly<Record<"orgid-v1" | "orgid-v3", () => Artifact>> = {
	"orgid-v1": () => require("orgid-v1/build/contracts/OrgId.json") as Artifact,
	"orgid-v3": () => require("orgid-v3/dist/artifacts/contracts/OrgId.sol/OrgId.json") as Artifact,
};

/**
 * Deploys a contract of the generation and initializes it where its original is. `document-stage.ts` expects
 * the ids of its organizations to be keccak256 of the creator and the salt, packed.
 */
export async function deployKind(kind: RegistryKind, account: EthersSigner): Promise<Address> {
	if (kind === "orgpass") return (await deployRegistry(account)).address;
	const { abi, bytecode } = ARTIFACTS[kind]();
	const contract = await new ContractFactory(abi, bytecode, account).deploy();
	await contract.waitForDeployment();
	const initialized = await contract.getFunction("initialize()").send();
	await initialized.wait();
	return (await contract.getAddress()) as Address;
}

/** Deploys a minimal proxy (EIP-1167) in front of a contract, as registries stand behind proxies in the wild. */
export async function deployProxy(target: Address, account: EthersSigner, initialize = true): Promise<Address> {
	const code = `0x3d602d80600a3d3981f3363d3d373d3d3d363d73${target.slice(2)}5af43d82803e903d91602b57fd5bf3`;
	const sent = await account.sendTransaction({ data: code });
	const proxy = (await sent.wait())?.contractAddress as Address;
	if (initialize) await (await account.sendTransaction({ to: proxy, data: "0x8129fc1c" })).wait();
	return proxy;
}
