/**
 * Keccak-256 of documents in runtimes without Node's built-ins. Imported as `#keccak256`.
 * @module
 */
import { keccak_256 } from "@noble/hashes/sha3.js";
import { encodeHex, type Hex } from "../encoding/hex.js";
import { nextTurn } from "../encoding/next-turn.js";

/** How much is hashed in one turn of the event loop. */
const SLICE_BYTES = 65_536;

/** Hashes in slices, so as not to block the event loop: the largest document takes a tenth of a second. */
export async function keccak256(bytes: Uint8Array): Promise<Hex> {
	const hash = keccak_256.create();
	for (let from = 0; from < bytes.length; from += SLICE_BYTES) {
		hash.update(bytes.subarray(from, from + SLICE_BYTES));
		if (bytes.length > SLICE_BYTES) await nextTurn();
	}
	return encodeHex(hash.digest());
}
