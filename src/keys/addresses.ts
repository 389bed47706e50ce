/**
 * The accounts a public key controls.
 * @module
 */

import { keccak_256 } from "@noble/hashes/sha3.js";
import { bech32 } from "@scure/base";
import type { Hex } from "../encoding/hex.js";
import { encodeHexDigits } from "../encoding/hex.js";
import { type PublicKey, pointOf } from "./public-key.js";

/**
 * Gives the Ethereum address of a public key, with the checksum of EIP-55.
 *
 * @example
 * ```ts
 * import { importPublicKey, toAddress } from "orgpass/keys";
 *
 * const key = importPublicKey("034f355bdcb7cc0af728ef3cceb9615d90684bb5b2ca5f859ab0f0b704075871aa");
 * toAddress(key); // => "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A"
 * ```
 * @param key a public key
 * @returns `0x` and 40 digits of mixed case
 * @throws TypeError when it is no public key
 */
export function toAddress(key: PublicKey): Hex {
	return toChecksum(accountOf(key));
}

/**
 * Gives the IoTeX address of a public key: the same account in bech32 (BIP-173).
 *
 * @example
 * ```ts
 * import { importPublicKey, toIoAddress } from "orgpass/keys";
 *
 * const key = importPublicKey("034f355bdcb7cc0af728ef3cceb9615d90684bb5b2ca5f859ab0f0b704075871aa");
 * toIoAddress(key); // => "io1r8n7xah8cgfm0el8u3kvwzja6zrd4le2zce7sk"
 * ```
 * @param key a public key
 * @returns `io1` and 38 characters
 * @throws TypeError when it is no public key
 */
export function toIoAddress(key: PublicKey): `io1${string}` {
	return bech32.encode("io", bech32.toWords(accountOf(key)));
}

/** Gives the address as account files write it. */
export function toAddressDigits(key: PublicKey): string {
	return encodeHexDigits(accountOf(key));
}

/** Writes an account with the checksum of EIP-55. */
export function toChecksum(account: Uint8Array): Hex {
	const digits = encodeHexDigits(account);
	const checksum = encodeHexDigits(keccak_256(new TextEncoder().encode(digits)));
	let address: Hex = "0x";
	for (const [at, digit] of [...digits].entries()) {
		address += (checksum[at] as string) >= "8" ? digit.toUpperCase() : digit;
	}
	return address;
}

function accountOf(key: PublicKey): Uint8Array {
	return keccak_256(pointOf(key).subarray(1)).subarray(12);
}
