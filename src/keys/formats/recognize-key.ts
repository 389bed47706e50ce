/**
 * Recognizes text that contains a key, without reading the key.
 * @module
 */
import { decodeBase64Url } from "../../encoding/base64.js";
import { decodeHex } from "../../encoding/hex.js";
import { undefinedOnError } from "../../encoding/undefined-on-error.js";
import type { KeyAlgorithm } from "../algorithm.js";
import { recognizeDer } from "./der-content.js";
import { stripWhitespace } from "./pem.js";

/** What the key is needed for. */
export interface KeyRequest {
	readonly algorithm: KeyAlgorithm;
	readonly expected: "private" | "public";
}

const MIN_KEY_BYTES = 32;
const MAX_KEY_BYTES = 65;
const PHRASE_LENGTHS: ReadonlySet<number> = new Set([12, 15, 18, 21, 24]);
const MAX_PHRASE_LENGTH = 24 * 9;

/** Names the format of a key; undefined for anything else. */
export function describeKey(text: string): string | undefined {
	if (text.startsWith("-----BEGIN ")) return "a PEM";
	if (text.startsWith("{")) {
		if (text.includes('"kty"')) return "a JWK";
		return text.includes('"ciphertext"') ? "a keystore" : undefined;
	}
	const bytes = undefinedOnError(() => decodeHex(text, "optional"));
	if (bytes !== undefined) {
		return bytes.length >= MIN_KEY_BYTES && bytes.length <= MAX_KEY_BYTES ? "a hexadecimal key" : undefined;
	}
	const der = text.startsWith("M") ? decodeAnyBase64(text) : undefined;
	return der !== undefined && recognizeDer(der) !== undefined ? "a key in base64" : undefined;
}

/** Decodes base64 in either alphabet, with or without padding and whitespace. */
export function decodeAnyBase64(text: string): Uint8Array | undefined {
	const unpadded = stripWhitespace(text).replaceAll("=", "").replaceAll("+", "-").replaceAll("/", "_");
	return unpadded === "" ? undefined : undefinedOnError(() => decodeBase64Url(unpadded));
}

/** Checks whether text has the shape of a seed phrase (BIP 39). */
export function isPhrase(text: string): boolean {
	if (text.length > MAX_PHRASE_LENGTH) return false;
	const words = text.toLowerCase().split(/\s+/);
	return PHRASE_LENGTHS.has(words.length) && words.every((word) => /^[a-z]{3,8}$/.test(word));
}
