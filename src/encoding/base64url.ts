/**
 * Base64url (RFC 7515 section 2), decoded strictly: each byte string has exactly one encoding. Hand-written: @scure/base
 * takes twice as long to decode a token, and adds more than a kilobyte to every bundle. Imported as `#base64url`.
 * @module
 */
import { decodeUtf8 } from "./utf8.js";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** Negative, so that a group with such a value is negative, too. */
const INVALID = -1;
const VALUES: Int8Array = /* @__PURE__ */ createValues();

/** Encodes bytes as base64url without padding. */
export function encodeBase64Url(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes) text += String.fromCharCode(byte);
	return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Encodes the UTF-8 of a text. */
export function encodeBase64UrlText(text: string): string {
	return encodeBase64Url(new TextEncoder().encode(text));
}

/** Decodes base64url without padding. Characters outside the alphabet and non-zero trailing bits throw. */
export function decodeBase64Url(text: string): Uint8Array<ArrayBuffer> {
	const rest = text.length % 4;
	if (rest === 1) throw new SyntaxError("base64url: invalid length");
	const bytes = new Uint8Array(decodedLength(text));
	const end = text.length - rest;
	let out = 0;
	for (let at = 0; at < end; at += 4) {
		const group =
			(valueAt(text, at) << 18) | (valueAt(text, at + 1) << 12) | (valueAt(text, at + 2) << 6) | valueAt(text, at + 3);
		if (group < 0) throw invalidCharacter(text);
		// Stored modulo 256.
		bytes[out] = group >> 16;
		bytes[out + 1] = group >> 8;
		bytes[out + 2] = group;
		out += 3;
	}
	if (rest !== 0) decodeRest(text, end, bytes, out);
	return bytes;
}

/** Decodes the base64url of UTF-8. */
export function decodeBase64UrlText(text: string): string {
	return decodeUtf8(decodeBase64Url(text));
}

export function decodedLength(text: string): number {
	return (text.length * 3) >> 2;
}

/** Decodes the last one or two bytes from two or three characters. */
function decodeRest(text: string, at: number, bytes: Uint8Array, out: number): void {
	const isPair = text.length - at === 2;
	const last = isPair ? 0 : valueAt(text, at + 2);
	const group = (valueAt(text, at) << 10) | (valueAt(text, at + 1) << 4) | (last >> 2);
	if (group < 0) throw invalidCharacter(text);
	if ((isPair ? group & 0xff : last & 3) !== 0) throw new SyntaxError("base64url: non-zero trailing bits");
	bytes[out] = group >> 8;
	if (!isPair) bytes[out + 1] = group;
}

function valueAt(text: string, at: number): number {
	return VALUES[text.charCodeAt(at)] ?? INVALID;
}

function invalidCharacter(text: string): SyntaxError {
	let at = 0;
	while (valueAt(text, at) !== INVALID) at++;
	return new SyntaxError(`base64url: a character outside the alphabet at ${at}`);
}

/** The value of each character by its code. */
function createValues(): Int8Array {
	const values = new Int8Array(128).fill(INVALID);
	for (let value = 0; value < ALPHABET.length; value++) values[ALPHABET.charCodeAt(value)] = value;
	return values;
}
