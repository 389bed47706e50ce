/**
 * Tells which generation a contract is of.
 * @module
 */
import { Contract, id } from "ethers";
import { RegistryError } from "../../errors/errors.js";
import type { RegistryKind } from "../org-record.js";
import type { KindContext } from "./kind.js";

/** Functions that a generation has and those below it in the list have not. */
const MARKS: readonly (readonly [RegistryKind, readonly string[]])[] = [
	["orgpass", ["resolveMany(bytes32[])", "getKey(bytes32,string)"]],
	["orgid-v3", ["getTokenId(bytes32)", "getDelegates(bytes32)"]],
	["orgid-v1", ["getOrganization(bytes32)", "createOrganization(bytes32,bytes32,string,string,string)"]],
];

/** Interface ids (ERC-165) that Winding Tree's contracts register. */
const INTERFACE_IDS: readonly (readonly [RegistryKind, `0x${string}`])[] = [
	["orgid-v3", "0x8bf1ed02"],
	["orgid-v1", "0x0f4893ef"],
];

const ERC165_ABI = ["function supportsInterface(bytes4 interfaceId) view returns (bool)"];

/**
 * Tells a contract's generation: from the selectors in its code where it isn't behind a proxy, which costs
 * nothing; else by asking it (ERC-165). Earlier contracts share selectors with 1.x, but not their answers'
 * layout, and are not recognized.
 */
export async function detectKind(code: string, context: KindContext): Promise<RegistryKind> {
	const marked = MARKS.find(([, functions]) => functions.every((signature) => dispatches(code, signature)));
	if (marked !== undefined) return marked[0];
	const contract = new Contract(context.address, ERC165_ABI, context.connection.provider);
	for (const [kind, interfaceId] of INTERFACE_IDS) {
		if (await supports(contract, context, interfaceId)) return kind;
	}
	throw new RegistryError(
		"registry/no-contract",
		`expected an ORGiD registry at ${context.address}, the contract there is of no known kind: give its kind`,
		{ details: { address: context.address, chainId: context.chainId } },
	);
}

/** PUSH4 and the selector, as every Solidity dispatcher compares them. */
function dispatches(code: string, signature: string): boolean {
	return code.includes(`63${id(signature).slice(2, 10)}`);
}

async function supports(
	contract: Contract,
	{ connection }: KindContext,
	interfaceId: string,
): Promise<boolean> {
	try {
		const ask = contract.getFunction("supportsInterface");
		return (await connection.read(() => ask.staticCall(interfaceId))) === true;
	} catch (error) {
		if ((error as RegistryError).code === "registry/bad-response") return false;
		throw error;
	}
}
