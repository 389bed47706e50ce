/**
 * IoTeX accounts as ioctl reads and prints them.
 * @module
 */
import { decodeHex, type Hex } from "../../../encoding/hex.js";
import { decodeAddress, encodeIoAddress } from "../../../keys/address.js";
import type { CliContext } from "../../context.js";

/** The prefix of IoTeX addresses: `io` on mainnet, `it` on testnet. */
export type IoPrefix = "io" | "it";

/** To ioctl, anything shorter that isn't hexadecimal is an alias. */
const ADDRESS_LENGTH = 41;

/** Returns the address prefix of the network that ioctl works on. */
export function ioPrefix(env: CliContext["env"]): IoPrefix {
	return env["IOTEX_NETWORK_TYPE"]?.toLowerCase() === "testnet" ? "it" : "io";
}

/** Distinguishes an alias from an address or a key, as ioctl does. */
export function looksLikeAlias(text: string): boolean {
	return text.length < ADDRESS_LENGTH && toHexAddress(text) === undefined;
}

/** Parses an address; like ioctl, it ignores the checksum of hexadecimal ones. */
export function parseAccount(text: string, prefix: IoPrefix): Hex | undefined {
	const hex = toHexAddress(text);
	if (hex !== undefined) return decodeAddress(hex);
	return text.toLowerCase().startsWith(prefix) ? decodeAddress(text) : undefined;
}

export function formatAccount(account: Hex, prefix: IoPrefix): string {
	return encodeIoAddress(prefix, decodeHex(account));
}

/** Parses 40 hexadecimal digits, with or without `0x`. */
export function toHexAddress(text: string): Hex | undefined {
	const digits = /^0x/i.test(text) ? text.slice(2) : text;
	return /^[0-9a-f]{40}$/i.test(digits) ? `0x${digits.toLowerCase()}` : undefined;
}
