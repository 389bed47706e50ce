/**
 * An account by its address, in Ethereum's spelling or IoTeX's.
 * @module
 */
import { bech32 } from "@scure/base";
import { decodeHex, type Hex } from "../encoding/hex.js";
import { toChecksum } from "./addresses.js";

const ADDRESS_BYTES = 20;
const HEX_CHARACTERS = 42;
const BECH32_CHARACTERS = 41;

/**
 * Reads the address of an account: `0x` and 40 hex digits, where mixed case must be EIP-55's checksum, or
 * IoTeX's bech32 (BIP-173) of the main (`io1…`) or the test network (`it1…`).
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
	let bytes: Uint8Array;
	try {
		bytes = decodeHex(text);
	} catch {
		return undefined;
	}
	const address = toChecksum(bytes);
	const digits = text.slice(2);
	const isOfOneCase = digits === digits.toLowerCase() || digits === digits.toUpperCase();
	return isOfOneCase || text === address ? address : undefined;
}
