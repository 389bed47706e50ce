/**
 * The hash that registries keep of a document: keccak256 over the file's bytes, as they are served.
 * @module
 */
import { keccak_256 } from "@noble/hashes/sha3.js";
import { encodeHex, type Hex } from "../encoding/hex.js";
import { decodeUtf8, parseJson } from "../encoding/json.js";
import { DocumentError } from "../errors/errors.js";
import { formatValue } from "../errors/format-value.js";

/**
 * Computes the hash that a registry keeps of a document.
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

/**
 * Holds a document to the hash on chain. A byte order mark, a newline at the end or another indentation is
 * another document.
 */
export function verifyDocumentHash(
	bytes: Uint8Array,
	hash: string | undefined,
	{ acceptPrettyPrinted = false }: { readonly acceptPrettyPrinted?: boolean } = {},
): "raw" | "pretty-printed" {
	if (hash === undefined) throw new DocumentError("document/hash-mismatch", "the registry keeps no hash");
	const expected = hash.toLowerCase();
	const actual = hashDocument(bytes);
	if (actual === expected) return "raw";
	if (acceptPrettyPrinted && hashDocument(prettyPrint(bytes)) === expected) return "pretty-printed";
	throw new DocumentError(
		"document/hash-mismatch",
		`expected a document with the keccak256 ${formatValue(expected)}, got one with ${actual}`,
		{ details: { expected, actual } },
	);
}

/** Longer than any document of those days; indenting deep arrays makes one of 1 MiB thirty times as long. */
const MAX_PRETTY_CHARACTERS = 2 ** 22;

/** Strict first: this form has no duplicate members, whatever the file has. */
function prettyPrint(bytes: Uint8Array): Uint8Array {
	try {
		const text = JSON.stringify(parseJson(decodeUtf8(bytes)), null, 2);
		if (text.length > MAX_PRETTY_CHARACTERS) throw new SyntaxError("JSON: too long when indented");
		return new TextEncoder().encode(text);
	} catch (cause) {
		if (!(cause instanceof SyntaxError)) throw cause;
		throw new DocumentError("document/malformed", `the document: ${cause.message}`, { cause });
	}
}
