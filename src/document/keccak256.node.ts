/**
 * Keccak-256 of documents in Node, whose OpenSSL doesn't have it. Imported as `#keccak256`.
 * @module
 */
import { keccak_256 } from "@noble/hashes/sha3.js";
import { encodeHex, type Hex } from "../encoding/hex.js";

type Hash = (bytes: Uint8Array) => Hex;

/** Fewer bytes are hashed in less time than loading the WebAssembly takes. */
const BYTES_WITHOUT_WASM = 65_536;

let hashedBytes = 0;
let loading: Promise<Hash> | undefined;

/** Hashes with WebAssembly, six to ten times as fast: anyone can make a server hash documents. */
export async function keccak256(bytes: Uint8Array): Promise<Hex> {
	hashedBytes += bytes.length;
	if (hashedBytes < BYTES_WITHOUT_WASM) return hashWithNoble(bytes);
	// Node can be started without WebAssembly.
	loading ??= loadWasm().catch(() => hashWithNoble);
	return (await loading)(bytes);
}

function hashWithNoble(bytes: Uint8Array): Hex {
	return encodeHex(keccak_256(bytes));
}

async function loadWasm(): Promise<Hash> {
	const { createKeccak } = await import("hash-wasm");
	const hasher = await createKeccak(256);
	return (bytes) => `0x${hasher.init().update(bytes).digest()}`;
}
