/**
 * Accounts of EVM chains as verification methods name them: CAIP-10, and the order that came before it.
 * Read by position and not by regular expression: the text comes from documents of strangers.
 * @module
 */

import { decodeHex } from "../encoding/hex.js";
import { DidError } from "../errors/errors.js";
import { formatValue } from "../errors/format-value.js";
import { toChecksum } from "../keys/addresses.js";

const NAMESPACE = "eip155:";
const ADDRESS_LENGTH = 42;
const MAX_CHAIN_DIGITS = 16;

/** An account on one chain. */
export interface AccountId {
	/** EIP-155 chain id. */
	readonly chainId: number;
	/** `0x` and 40 hex digits, mixed case as EIP-55 has it. */
	readonly address: `0x${string}`;
}

/**
 * Reads a `blockchainAccountId` of an EVM chain.
 *
 * @example
 * ```ts
 * import { parseAccountId } from "orgpass/did";
 *
 * const account = parseAccountId("eip155:100:0x19e7e376e7c213b7e7e7e46cc70a5dd086daff2a");
 * account; // => { chainId: 100, address: "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A" }
 * parseAccountId("0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A@eip155:100"); // => account
 * ```
 * @param text `eip155:<chain id>:0x<40 hex digits>` or the older `0x<40 hex digits>@eip155:<chain id>`; the
 * chain id in decimal without leading zeros; digits of mixed case must satisfy EIP-55
 * @returns the chain and the address, frozen
 * @throws {DidError} `did/document-invalid`
 * @see CAIP-10, EIP-55
 */
export function parseAccountId(text: unknown): AccountId {
	if (typeof text === "string") {
		const [chain, address] = text.startsWith(NAMESPACE) ? splitCurrent(text) : splitLegacy(text);
		const chainId = parseChainId(chain);
		const checked = parseChecksumAddress(address);
		if (chainId !== undefined && checked !== undefined) return Object.freeze({ chainId, address: checked });
	}
	throw new DidError(
		"did/document-invalid",
		`expected an account as eip155:<chain id>:0x<40 hex digits>, got ${formatValue(text)}`,
	);
}

function splitCurrent(text: string): readonly [string, string] {
	const colon = text.length - ADDRESS_LENGTH - 1;
	return text[colon] === ":" ? [text.slice(NAMESPACE.length, colon), text.slice(colon + 1)] : ["", ""];
}

function splitLegacy(text: string): readonly [string, string] {
	const chainAt = ADDRESS_LENGTH + 1 + NAMESPACE.length;
	const isLegacy = text.slice(ADDRESS_LENGTH, chainAt) === `@${NAMESPACE}`;
	return isLegacy ? [text.slice(chainAt), text.slice(0, ADDRESS_LENGTH)] : ["", ""];
}

/** A canonical decimal above zero, or undefined. */
function parseChainId(text: string): number | undefined {
	if (text.length > MAX_CHAIN_DIGITS) return undefined;
	const value = Number(text);
	return Number.isSafeInteger(value) && value > 0 && String(value) === text ? value : undefined;
}

/** With the checksum of EIP-55, or undefined. */
function parseChecksumAddress(text: string): AccountId["address"] | undefined {
	if (text.length !== ADDRESS_LENGTH) return undefined;
	let address: AccountId["address"];
	try {
		address = toChecksum(decodeHex(text));
	} catch {
		return undefined;
	}
	const digits = text.slice(2);
	const isOneCase = digits === digits.toLowerCase() || digits === digits.toUpperCase();
	return isOneCase || text === address ? address : undefined;
}
