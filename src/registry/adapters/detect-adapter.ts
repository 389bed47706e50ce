/**
 * Recognizes a contract's generation.
 * @module
 */
import { Contract, id } from "ethers";
import { RegistryError } from "../../errors/errors.js";
import type { Connection } from "../connection.js";
import type { RegistryAdapter } from "./adapter.js";
import { ADAPTERS } from "./adapters.js";

const ERC165_ABI = ["function supportsInterface(bytes4 interfaceId) view returns (bool)"];

/** Recognizes a contract by the selectors in its code, which needs no request, or behind a proxy by ERC-165. */
export async function detectAdapter(code: string, connection: Connection): Promise<RegistryAdapter> {
	const { address, chainId } = connection;
	const adapters = Object.values(ADAPTERS);
	const known = adapters.find(({ functions }) => functions.every((name) => dispatches(code, name)));
	if (known !== undefined) return known;
	const contract = new Contract(address, ERC165_ABI, connection.provider);
	for (const adapter of adapters) {
		const { interfaceId } = adapter;
		if (interfaceId !== undefined && (await supports(contract, connection, interfaceId))) return adapter;
	}
	const message = `the contract at ${address} isn't a known kind of registry: pass its kind if it is one`;
	throw new RegistryError("registry/no-contract", message, { details: { address, chainId } });
}

/** PUSH4 and the selector, as every Solidity dispatcher compares them. */
function dispatches(code: string, signature: string): boolean {
	return code.includes(`63${id(signature).slice(2, 10)}`);
}

async function supports(contract: Contract, connection: Connection, interfaceId: string): Promise<boolean> {
	try {
		const supportsInterface = contract.getFunction("supportsInterface");
		return (await connection.read(() => supportsInterface.staticCall(interfaceId))) === true;
	} catch (error) {
		if ((error as RegistryError).code === "registry/bad-response") return false;
		throw error;
	}
}
