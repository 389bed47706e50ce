/**
 * Addresses of accounts as Ethereum or IoTeX writes them.
 * @module
 */
import { bech32 } from "@scure/base";
import { decodeHex, type Hex } from "../encoding/hex.js";
import { undefinedOnError } from "../encoding/undefined-on-error.js";
import { toChecksum } from "./account.js";

const ADDRESS_BYTES = 20;
const HEX_CHARACTERS = 42;
const BECH32_CHARACTERS = 41;

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
