/**
 * Base64url with Node's Buffer, which encodes a token ten times as fast, and decodes it three times as fast. Imported as
 * `#base64url`.
 * @module
 */
import { Buffer } from "node:buffer";
import { decodeBase64Url as decodeStrictly } from "./base64url.js";

/** Up to this many characters, calls of Buffer take longer than decoding. */
const SHORT = 128;

/** Encodes bytes as base64url without padding. */
export function encodeBase64Url(bytes: Uint8Array): string {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64url");
}

/** Encodes the UTF-8 of a text. */
export function encodeBase64UrlText(text: string): string {
	return Buffer.from(text, "utf8").toString("base64url");
}

/** Decodes base64url without padding. Characters outside the alphabet and non-zero trailing bits throw. */
export function decodeBase64Url(text: string): Uint8Array<ArrayBuffer> {
	if (text.length <= SHORT) return decodeStrictly(text);
	// Not in Buffer's pool, whose memory is shared: the bytes may be those of a private key.
	const bytes = new Uint8Array((text.length * 3) >> 2);
	const buffer = Buffer.from(bytes.buffer);
	buffer.write(text, "base64url");
	// Buffer ignores what it can't decode, so only the one correct encoding of the result is what it was given.
	return buffer.toString("base64url") === text ? bytes : decodeStrictly(text);
}
