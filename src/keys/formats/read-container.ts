/**
 * Which container a key arrived in. The container is told by its own marks, and says nothing yet of
 * the algorithm: that is the caller's choice, checked inside the container.
 * @module
 */

import { decodeBase64 } from "../../encoding/base64.js";
import { isBytes } from "../../encoding/bytes.js";
import { decodeHex } from "../../encoding/hex.js";
import { parseJson } from "../../encoding/json.js";
import { KeyError } from "../../errors/errors.js";
import type { KeyAlgorithm } from "../algorithm.js";
import type { UncheckedMembers } from "./jwk-types.js";
import { OPENSSH_PUBLIC_ADVICE } from "./openssh-advice.js";
import { isPem, type PemBlock, parsePem, stripWhitespace } from "./pem.js";

/** A key in its container, not yet interpreted. */
export type Container =
	| { readonly kind: "pem"; readonly blocks: readonly PemBlock[] }
	| { readonly kind: "jwk" | "keystore"; readonly value: UncheckedMembers }
	| { readonly kind: "bytes" | "base64"; readonly bytes: Uint8Array<ArrayBuffer> };

const MAX_TEXT_LENGTH = 65_536;
const MAX_BYTES_LENGTH = 65;

/** Finds out what a key arrived in. */
export function readContainer(input: unknown, algorithm: KeyAlgorithm): Container {
	if (typeof input === "string") return readText(input, algorithm);
	if (isBytes(input)) {
		if (input.length <= MAX_BYTES_LENGTH) return { kind: "bytes", bytes: new Uint8Array(input) };
		throw new KeyError(
			"key/unrecognized",
			"more bytes than a key has: give files as text (PEM), and DER as PEM (`openssl pkey -inform DER`)",
		);
	}
	if (typeof input === "object" && input !== null && !Array.isArray(input))
		return readObject(input as UncheckedMembers);
	throw new KeyError("key/unrecognized", "a key is text, bytes, or a JWK or keystore object");
}

/** Runs a reader of a container; what it finds broken becomes a coded error. */
export function orMalformed<T>(read: () => T): T {
	try {
		return read();
	} catch (error) {
		if (!(error instanceof SyntaxError)) throw error;
		throw new KeyError("key/malformed", `the key is broken: ${error.message}`, { cause: error });
	}
}

function readText(input: string, algorithm: KeyAlgorithm): Container {
	if (input.length > MAX_TEXT_LENGTH) {
		throw new KeyError(
			"key/unrecognized",
			`the text is longer than ${MAX_TEXT_LENGTH} characters: no key is`,
		);
	}
	const trimmed = input.trim();
	if (trimmed.startsWith("{")) return readObject(orMalformed(() => parseJson(trimmed)) as UncheckedMembers);
	// Environment files hold line breaks as the two characters `\n`.
	const text = trimmed.replaceAll("\\r", "").replaceAll("\\n", "\n").trim();
	if (isPem(text)) return { kind: "pem", blocks: orMalformed(() => parsePem(text)) };
	const bytes = tryDecode(() => decodeHex(text, "optional"));
	if (bytes !== undefined && bytes.length > 0) return { kind: "bytes", bytes };
	// The base64 of a DER SEQUENCE of a key's size begins with M.
	const decoded = text.startsWith("M") ? tryDecode(() => decodeBase64(stripWhitespace(text))) : undefined;
	if (decoded !== undefined) return { kind: "base64", bytes: decoded };
	throw new KeyError("key/unrecognized", adviceFor(text, algorithm));
}

function adviceFor(text: string, algorithm: KeyAlgorithm): string {
	if (text.includes("-----BEGIN ")) {
		return "something stands before -----BEGIN, such as a quote or a header: give the PEM alone";
	}
	if (text.startsWith("ssh-") || text.startsWith("ecdsa-")) {
		return OPENSSH_PUBLIC_ADVICE[algorithm];
	}
	return algorithm === "RS256"
		? "the text is neither PEM nor a JWK: an RSA key begins with -----BEGIN"
		: "the text is no PEM, JWK, keystore or hexadecimal key";
}

function tryDecode(decode: () => Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | undefined {
	try {
		return decode();
	} catch {
		return undefined;
	}
}

function readObject(value: UncheckedMembers): Container {
	if (Object.hasOwn(value, "kty")) return { kind: "jwk", value };
	if (Object.hasOwn(value, "crypto") || Object.hasOwn(value, "Crypto")) return { kind: "keystore", value };
	const advice = Object.hasOwn(value, "keys")
		? "this is a JWK Set: give one of its keys"
		: "the object is neither a JWK (no kty) nor a keystore (no crypto)";
	throw new KeyError("key/unrecognized", advice);
}
