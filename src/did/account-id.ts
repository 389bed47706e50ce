/**
 * Accounts of EVM chains as verification methods name them: CAIP-10, and the older form with the address first.
 * @module
 */
import { DidError, formatValue } from "../errors/errors.js";
import { decodeAddress } from "../keys/address.js";
import { parseChainId } from "./did-url.js";

const CAIP_10 = /^eip155:(\d{1,16}):(0x[0-9a-fA-F]{40})$/;
const LEGACY = /^(0x[0-9a-fA-F]{40})@eip155:(\d{1,16})$/;

/** An account on one chain, by its EIP-155 chain id. */
export interface AccountId {
	readonly chainId: number;
	/** `0x` and 40 hex digits, with the mixed-case checksum of EIP-55. */
	readonly address: `0x${string}`;
}

/**
 * Parses a `blockchainAccountId` of an EVM chain.
 *
 * @example
 * ```ts
 * import { parseAccountId } from "orgpass/did";
 *
 * const account = parseAccountId("eip155:100:0x19e7e376e7c213b7e7e7e46cc70a5dd086daff2a");
 * account; // => { chainId: 100, address: "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A" }
 * parseAccountId("0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A@eip155:100"); // => account
 * ```
 * @param text `eip155:<chain id>:0x<40 hex digits>`, or the older `0x<40 hex digits>@eip155:<chain id>`. The chain id
 *   has no leading zeros; an address in mixed case must match its EIP-55 checksum.
 * @returns the chain and the address, frozen
 * @throws {DidError} `did/document-invalid`
 * @see CAIP-10, EIP-55
 */
export function parseAccountId(text: unknown): AccountId {
	if (typeof text === "string") {
		const [, chain, account] = CAIP_10.exec(text) ?? [];
		const [, legacyAccount = "", legacyChain = ""] = LEGACY.exec(text) ?? [];
		const chainId = parseChainId(chain ?? legacyChain);
		const address = decodeAddress(account ?? legacyAccount);
		if (chainId !== undefined && address !== undefined) return Object.freeze({ chainId, address });
	}
	const message = `expected an account as eip155:<chain id>:0x<40 hex digits>, got ${formatValue(text)}`;
	throw new DidError("did/document-invalid", message);
}
