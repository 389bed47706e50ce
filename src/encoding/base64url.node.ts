/**
 * Base64url with Node's Buffer, which encodes a token ten times as fast, and decodes it three times as fast. Imported as
 * `#base64url`.
 * @module
 */
import { Buffer } from "node:buffer";
import { decodedLength, decodeBase64Url as decodeStrictly } from "./base64url.js";
import { decodeUtf8 } from "./utf8.js";

/** Up to this many characters, an array and two calls of Buffer take longer than decoding. */
const SHORT = 1_024;
/** Text is decoded here first, if it fits: it isn't secret, and a new array takes longer than decoding. */
const scratch = Buffer.alloc(8_192);

/** Encodes bytes as base64url without padding. */
export function encodeBase64Url(bytes: Uint8Array): string {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64url");
}

/** Encodes the UTF-8 of a text. */
export function encodeBase64UrlText(text: string): string {
	return Buffer.from(text).toString("base64url");
}

/** Decodes base64url without padding. Characters outside the alphabet and non-zero trailing bits throw. */
export function decodeBase64Url(text: string): Uint8Array<ArrayBuffer> {
	if (text.length <= SHORT) return decodeStrictly(text);
	// Not in Buffer's pool, whose memory is shared: the bytes may be those of a private key.
	const bytes = new Uint8Array(decodedLength(text));
	return writeExactly(text, Buffer.from(bytes.buffer)) ? bytes : decodeStrictly(text);
}

/** Decodes the base64url of UTF-8. */
export function decodeBase64UrlText(text: string): string {
	const length = decodedLength(text);
	const isWritten = length <= scratch.length && writeExactly(text, scratch);
	return decodeUtf8(isWritten ? scratch.subarray(0, length) : decodeBase64Url(text));
}

/** Buffer ignores what it can't decode, so only the one correct encoding of the result is what it was given. */
function writeExactly(text: string, buffer: Buffer): boolean {
	const length = buffer.write(text, "base64url");
	return buffer.toString("base64url", 0, length) === text;
}
