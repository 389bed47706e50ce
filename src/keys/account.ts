/**
 * The account that a public key controls, and its checksum.
 * @module
 */
import { keccak_256 } from "@noble/hashes/sha3.js";
import { encodeHexDigits, type Hex } from "../encoding/hex.js";
import { type PublicKey, pointOf } from "./public-key.js";

/** Returns the address as in keystores: lower case without `0x`. */
export function toAddressDigits(key: PublicKey): string {
	return encodeHexDigits(accountOf(pointOf(key)));
}

/** Encodes an account's 20 bytes with the checksum of EIP-55. */
export function toChecksum(account: Uint8Array): Hex {
	const digits = encodeHexDigits(account);
	const checksum = encodeHexDigits(keccak_256(new TextEncoder().encode(digits)));
	return `0x${digits.replace(/[a-f]/g, (digit, at: number) => ((checksum[at] as string) >= "8" ? digit.toUpperCase() : digit))}`;
}

/** Returns the account of an uncompressed point: 20 bytes. */
export function accountOf(point: Uint8Array): Uint8Array {
	return keccak_256(point.subarray(1)).subarray(12);
}
