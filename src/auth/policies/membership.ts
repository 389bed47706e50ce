/** @module */
import * as v from "valibot";
import { undefinedOnError } from "../../encoding/undefined-on-error.js";
import { PolicyError } from "../../errors/errors.js";
import { assertOptions } from "../../options/assert-options.js";
import { selectorOf, signatureOf } from "../../registry/abi/contract-abi.js";
import { parseSignature } from "../../registry/abi/parse-signature.js";
import { badResponse } from "../../registry/call-error.js";
import { contractAddress, nodeOptionsSchema } from "../../registry/connection-schemas.js";
import type { Address } from "../../registry/org-record.js";
import type { VerifiedToken } from "../../tokens/verified-token.js";
import { type ContractLookupOptions, contractLookupShape, createContractLookup } from "./contract-lookup.js";

/** Options of {@link requireMembership}. */
export interface MembershipOptions extends ContractLookupOptions {
	/** The directory's contract, 20 bytes as `0x…`. */
	readonly directory: string;
	/**
	 * The view function that knows its members, in Solidity or as ethers writes it. Its argument is the organization's id
	 * (`bytes32`) or its owner (`address`); its result is a `bool`, or a `uint` that isn't zero for members. Default:
	 * `organizationsIndex(bytes32) view returns (uint256)` of Winding Tree's directories.
	 */
	readonly function?: string | undefined;
}

/** Of `ArbitrableDirectory` in Winding Tree's org.id-directories: the place in the list of members, from 1. */
const ORGANIZATIONS_INDEX = "function organizationsIndex(bytes32) view returns (uint256)";
const FUNCTION = "a view function of one bytes32 or address that returns a bool or a uint";

const schema = nodeOptionsSchema<MembershipOptions>({
	...contractLookupShape,
	directory: contractAddress,
	function: v.optional(
		v.pipe(
			v.string(FUNCTION),
			v.check((text) => parseFunction(text) !== undefined, FUNCTION),
		),
	),
});

/**
 * Creates a policy that requires an organization to be a member of a directory on its chain. Answers are remembered for a
 * while, and simultaneous requests of an organization cause only one call.
 *
 * @example
 * ```ts
 * import { requireMembership } from "orgpass/auth";
 *
 * const policy = requireMembership({
 *   chainId: 100,
 *   rpcUrl: "https://rpc.example",
 *   directory: `0x${"11".repeat(20)}`,
 *   function: "function isMember(bytes32) view returns (bool)",
 * });
 * const token = { profile: "github-app", issuer: "7", keyId: "", claims: {}, scopes: [] };
 * await policy(token).catch((error) => error.code); // => "policy/organization"
 * ```
 * @param options the node, the directory and its function
 * @returns the policy; it rejects with `policy/membership`, with `policy/organization` for tokens of other issuers, and
 * with `registry/*` (HTTP 503) if the directory can't be read
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 */
export function requireMembership(options: MembershipOptions): (token: VerifiedToken) => Promise<void> {
	assertOptions(schema, options, "requireMembership");
	const { chainId, directory, function: signature = ORGANIZATIONS_INDEX } = options;
	const address = directory as Address;
	const { selector, argument, bits } = parseFunction(signature) as MemberFunction;
	const code = "policy/membership";
	const details = Object.freeze({ chainId, directory: address });
	const lookUp = createContractLookup(options, { address, selector, argument, code, details });
	return async function assertMember(token) {
		const result = await lookUp(token);
		if (BigInt.asUintN(bits, result) !== result) throw badResponse();
		if (result !== 0n) return;
		throw new PolicyError(code, `expected a member of the directory ${address}`, { details });
	};
}

interface MemberFunction {
	readonly selector: string;
	readonly argument: "owner" | "organization";
	/** The size of the result. */
	readonly bits: number;
}

/** Undefined for anything but a view function of the right types. */
function parseFunction(text: string): MemberFunction | undefined {
	const declared = undefinedOnError(() => parseSignature(text));
	const { type, inputs = [], outputs = [], stateMutability = "" } = declared ?? {};
	if (declared === undefined || type !== "function" || !["view", "pure"].includes(stateMutability)) return undefined;
	const types = [...inputs, ...outputs].map(({ type }) => type);
	if (inputs.length !== 1 || outputs.length !== 1) return undefined;
	const [input, output] = types as [string, string];
	const argument = ({ bytes32: "organization", address: "owner" } as const)[input];
	const bits = output === "bool" ? 1 : Number(/^uint(\d+)$/.exec(output)?.[1]);
	return argument === undefined || !(bits > 0)
		? undefined
		: { selector: selectorOf(signatureOf(declared)), argument, bits };
}
