/**
 * Recognizes the format of a key. The format doesn't determine the algorithm, which the caller chooses and the format's
 * reader checks.
 * @module
 */
import { decodeBase64 } from "../../encoding/base64.js";
import { isBytes } from "../../encoding/bytes.js";
import { decodeHex, isHexDigits } from "../../encoding/hex.js";
import { parseJson } from "../../encoding/json.js";
import { undefinedOnError } from "../../encoding/undefined-on-error.js";
import { KeyError } from "../../errors/errors.js";
import type { KeyAlgorithm } from "../algorithm.js";
import type { UncheckedMembers } from "./jwk.js";
import { isPem, type PemBlock, parsePem, stripWhitespace } from "./pem.js";

/** A key in a recognized format, not yet interpreted. */
export type KeyFormat =
	| { readonly format: "pem"; readonly blocks: readonly PemBlock[] }
	| { readonly format: "jwk" | "keystore"; readonly value: UncheckedMembers }
	| { readonly format: "bytes" | "base64"; readonly bytes: Uint8Array<ArrayBuffer> };

const MAX_TEXT_LENGTH = 65_536;
const MAX_BYTES_LENGTH = 65;

export function parseKeyFormat(input: unknown, algorithm: KeyAlgorithm): KeyFormat {
	if (typeof input === "string") return parseText(input, algorithm);
	if (isBytes(input)) {
		if (input.length <= MAX_BYTES_LENGTH) return { format: "bytes", bytes: new Uint8Array(input) };
		throw unrecognized("too many bytes for a key: pass text, and convert binary files to PEM");
	}
	if (typeof input === "object" && input !== null && !Array.isArray(input)) {
		return parseObject(input as UncheckedMembers);
	}
	throw unrecognized("expected a key as text, bytes, a JWK or a keystore object");
}

/** Runs a reader, and turns its SyntaxError into `key/malformed`. */
export function wrapSyntaxError<T>(read: () => T): T {
	try {
		return read();
	} catch (error) {
		if (!(error instanceof SyntaxError)) throw error;
		throw new KeyError("key/malformed", `the key is malformed: ${error.message}`, { cause: error });
	}
}

function parseText(input: string, algorithm: KeyAlgorithm): KeyFormat {
	if (input.length > MAX_TEXT_LENGTH) throw unrecognized(`expected at most ${MAX_TEXT_LENGTH} characters`);
	const trimmed = input.trim();
	if (trimmed.startsWith("{")) {
		return parseObject(wrapSyntaxError(() => parseJson(trimmed, { numbers: "reject" })) as UncheckedMembers);
	}
	// Environment files write line breaks as the two characters `\n`.
	const text = trimmed.replaceAll("\\r", "").replaceAll("\\n", "\n").trim();
	if (isPem(text)) return { format: "pem", blocks: wrapSyntaxError(() => parsePem(text)) };
	if (isHexDigits(text)) return { format: "bytes", bytes: decodeHex(text, "optional") };
	// The base64 of a DER SEQUENCE of a key's size begins with M.
	const decoded = text.startsWith("M") ? undefinedOnError(() => decodeBase64(stripWhitespace(text))) : undefined;
	if (decoded !== undefined) return { format: "base64", bytes: decoded };
	throw unrecognized(
		algorithm === "RS256"
			? "the text is neither PEM nor a JWK: an RSA key begins with -----BEGIN"
			: "the text is not a PEM, JWK, keystore or hexadecimal key",
	);
}

function parseObject(value: UncheckedMembers): KeyFormat {
	if (Object.hasOwn(value, "kty")) return { format: "jwk", value };
	if (Object.hasOwn(value, "crypto") || Object.hasOwn(value, "Crypto")) return { format: "keystore", value };
	throw unrecognized("the object is neither a JWK (no kty) nor a keystore (no crypto)");
}

function unrecognized(message: string): KeyError {
	return new KeyError("key/unrecognized", message);
}
