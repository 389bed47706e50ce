/**
 * The address of an account, as written by Ethereum or IoTeX.
 * @module
 */
import { bech32 } from "@scure/base";
import { decodeHex, type Hex } from "../encoding/hex.js";
import { undefinedOnError } from "../encoding/undefined-on-error.js";
import { accountOf, toChecksum } from "./account.js";
import { type PublicKey, pointOf } from "./public-key.js";

const HEX_CHARACTERS = 42;
/** The prefix, 1, 20 bytes in 32 characters, and a checksum of 6. */
const BECH32_CHARACTERS = 41;

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
	return encodeIoAddress("io", accountOf(pointOf(key)));
}

/** Encodes the 20 bytes of an account for IoTeX, or with `it` for its testnet. */
export function encodeIoAddress<Prefix extends "io" | "it">(
	prefix: Prefix,
	account: Uint8Array,
): `${Lowercase<Prefix>}1${string}` {
	return bech32.encode(prefix, bech32.toWords(account));
}

/** Decodes `0x` and 40 hex digits (mixed case must match EIP-55), or IoTeX's bech32 (`io1…`, testnet `it1…`). */
export function decodeAddress(text: string): Hex | undefined {
	if (text.startsWith("0x")) return text.length === HEX_CHARACTERS ? fromHex(text) : undefined;
	if (text.length !== BECH32_CHARACTERS) return undefined;
	const decoded = bech32.decodeUnsafe(text);
	if (decoded === undefined || (decoded.prefix !== "io" && decoded.prefix !== "it")) return undefined;
	return toChecksum(bech32.fromWords(decoded.words));
}

/** Whether it is `0x` and 40 hex digits, with a valid checksum (EIP-55) if in mixed case. */
export function isHexAddress(text: string): boolean {
	return text.startsWith("0x") && decodeAddress(text) !== undefined;
}

function fromHex(text: string): Hex | undefined {
	const bytes = undefinedOnError(() => decodeHex(text));
	if (bytes === undefined) return undefined;
	const address = toChecksum(bytes);
	const digits = text.slice(2);
	const isOneCase = digits === digits.toLowerCase() || digits === digits.toUpperCase();
	return isOneCase || text === address ? address : undefined;
}
