/**
 * The account that a public key controls, as an address.
 * @module
 */
import { bech32 } from "@scure/base";
import type { Hex } from "../encoding/hex.js";
import { accountOf, toChecksum } from "./account.js";
import { type PublicKey, pointOf } from "./public-key.js";

/**
 * Returns the Ethereum address of a public key, with the checksum of EIP-55.
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
 * @throws TypeError if `key` isn't a public key
 */
export function toAddress(key: PublicKey): Hex {
	return toChecksum(accountOf(pointOf(key)));
}

/**
 * Returns the IoTeX address of a public key: the same account in bech32 (BIP-173).
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
 * @throws TypeError if `key` isn't a public key
 */
export function toIoAddress(key: PublicKey): `io1${string}` {
	return bech32.encode("io", bech32.toWords(accountOf(pointOf(key))));
}
