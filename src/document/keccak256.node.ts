/**
 * Keccak-256 of documents in Node, whose OpenSSL doesn't have it. Imported as `#keccak256`.
 * @module
 */
import { keccak_256 } from "@noble/hashes/sha3.js";
import { encodeHex, type Hex } from "../encoding/hex.js";

/** Smaller documents are hashed in less time than loading the WebAssembly takes. */
const LARGE_BYTES = 65_536;

/** Hashes large documents with WebAssembly, ten times as fast: anyone can make a server hash them. */
export async function keccak256(bytes: Uint8Array): Promise<Hex> {
	if (bytes.length < LARGE_BYTES) return encodeHex(keccak_256(bytes));
	const { keccak } = await import("hash-wasm");
	return `0x${await keccak(bytes, 256)}`;
}
