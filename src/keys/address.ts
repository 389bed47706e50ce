/**
 * The account that a public key controls, and its address as Ethereum or IoTeX writes it.
 * @module
 */
import { keccak_256 } from "@noble/hashes/sha3.js";
import { bech32 } from "@scure/base";
import { decodeHex, encodeHexDigits, type Hex } from "../encoding/hex.js";
import { undefinedOnError } from "../encoding/undefined-on-error.js";
import { type PublicKey, pointOf } from "./public-key.js";

const ADDRESS_BYTES = 20;
const HEX_CHARACTERS = 42;
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
	return bech32.encode("io", bech32.toWords(accountOf(pointOf(key))));
}

/**
 * Decodes an address: `0x` and 40 hex digits, where mixed case must be the checksum of EIP-55, or IoTeX's bech32
 * (BIP-173) on its main (`io1…`) or test network (`it1…`).
 */
export function decodeAddress(text: string): Hex | undefined {
	if (text.startsWith("0x")) return text.length === HEX_CHARACTERS ? fromHex(text) : undefined;
	if (text.length !== BECH32_CHARACTERS) return undefined;
	const decoded = bech32.decodeUnsafe(text);
	if (decoded === undefined || (decoded.prefix !== "io" && decoded.prefix !== "it")) return undefined;
	const bytes = bech32.fromWordsUnsafe(decoded.words);
	return bytes instanceof Uint8Array && bytes.length === ADDRESS_BYTES ? toChecksum(bytes) : undefined;
}

function fromHex(text: string): Hex | undefined {
	const bytes = undefinedOnError(() => decodeHex(text));
	if (bytes === undefined) return undefined;
	const address = toChecksum(bytes);
	const digits = text.slice(2);
	const isOneCase = digits === digits.toLowerCase() || digits === digits.toUpperCase();
	return isOneCase || text === address ? address : undefined;
}

/** Returns the address as keystores have it: lower case without `0x`. */
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
