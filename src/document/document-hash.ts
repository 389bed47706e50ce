/**
 * A document's hash on chain: keccak256 of the file's bytes as served.
 * @module
 */
import { keccak_256 } from "@noble/hashes/sha3.js";
import { keccak256 } from "#keccak256";
import { encodeHex, type Hex } from "../encoding/hex.js";
import { DocumentError, formatValue } from "../errors/errors.js";
import { parseJsonBytes } from "./document-json.js";

/**
 * Computes a document's hash, to be stored on chain.
 *
 * @example
 * ```ts
 * import { hashDocument } from "orgpass/resolver";
 *
 * const hash = hashDocument(new TextEncoder().encode("{}"));
 * hash; // => "0xb48d38f93eaa084033fc5970bf96e559c33c4cdc07d889ab00b4d63f9590739d"
 * ```
 * @param bytes the file exactly as it is published
 * @returns keccak256 of the bytes
 */
export function hashDocument(bytes: Uint8Array): Hex {
	return encodeHex(keccak_256(bytes));
}

/** Verifies a document's bytes against the hash on chain, and returns which form has that hash. */
export async function verifyDocumentHash(
	bytes: Uint8Array,
	hash: string | undefined,
	{ acceptPrettyPrinted = false }: { readonly acceptPrettyPrinted?: boolean } = {},
): Promise<"raw" | "pretty-printed"> {
	if (hash === undefined) throw new DocumentError("document/hash-mismatch", "the registry has no hash of the document");
	const expected = hash.toLowerCase();
	const actual = await keccak256(bytes);
	if (actual === expected) return "raw";
	if (acceptPrettyPrinted && (await keccak256(prettyPrint(bytes))) === expected) return "pretty-printed";
	const message = `expected a document with the keccak256 ${formatValue(expected)}, got ${actual}`;
	throw new DocumentError("document/hash-mismatch", message, { details: { expected, actual } });
}

/** Parsed strictly first: duplicate members would disappear in this form. */
function prettyPrint(bytes: Uint8Array): Uint8Array {
	return new TextEncoder().encode(JSON.stringify(parseJsonBytes(bytes), null, 2));
}
