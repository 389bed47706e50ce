/**
 * Base64url with Node's Buffer, which encodes a token ten times as fast, and decodes it three times as fast. Imported as
 * `#base64url`.
 * @module
 */
import { Buffer } from "node:buffer";
import { decodedLength, decodeInto, decodeBase64Url as decodeStrictly } from "./base64url.js";
import { decodeUtf8 } from "./utf8.js";

/** Up to this many characters, calls of Buffer take longer than decoding. */
const SHORT = 1_024;
/** Text is decoded here first. It isn't secret, and each new array would take longer than decoding. */
const scratch = Buffer.alloc(SHORT);
const MAX_ASCII = 0x7f;

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
	const bytes = new Uint8Array(decodedLength(text));
	const buffer = Buffer.from(bytes.buffer);
	buffer.write(text, "base64url");
	// Buffer ignores what it can't decode, so only the one correct encoding of the result is what it was given.
	return buffer.toString("base64url") === text ? bytes : decodeStrictly(text);
}

/** Decodes the base64url of UTF-8. */
export function decodeBase64UrlText(text: string): string {
	if (text.length > SHORT) return decodeUtf8(decodeBase64Url(text));
	const bits = decodeInto(text, scratch);
	const length = decodedLength(text);
	return bits <= MAX_ASCII ? scratch.toString("latin1", 0, length) : decodeUtf8(scratch.subarray(0, length));
}

/** Copies ASCII text: V8 keeps the whole text that a slice was cut from in memory. */
export function copyAscii(text: string): string {
	if (text.length > SHORT) return Buffer.from(text, "latin1").toString("latin1");
	return scratch.toString("latin1", 0, scratch.write(text, "latin1"));
}
