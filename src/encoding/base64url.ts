/**
 * Base64url (RFC 7515 section 2), decoded strictly: each byte string has exactly one encoding. Hand-written: @scure/base
 * takes twice as long to decode a token, and adds more than a kilobyte to every bundle. Imported as `#base64url`.
 * @module
 */
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const INVALID = 0xff;
const VALUES: Uint8Array = /* @__PURE__ */ createValues();

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
	const { length } = text;
	if (length % 4 === 1) throw new SyntaxError("base64url: invalid length");
	const bytes = new Uint8Array((length * 3) >> 2);
	let out = 0;
	let bits = 0;
	let pending = 0;
	for (let at = 0; at < length; at++) {
		const value = VALUES[text.charCodeAt(at)] ?? INVALID;
		if (value === INVALID) throw new SyntaxError(`base64url: a character outside the alphabet at ${at}`);
		bits = ((bits << 6) | value) & 0xffff;
		pending += 6;
		if (pending >= 8) {
			pending -= 8;
			bytes[out++] = bits >> pending;
		}
	}
	if ((bits & ((1 << pending) - 1)) !== 0) throw new SyntaxError("base64url: non-zero trailing bits");
	return bytes;
}

/** The value of each character by its code. */
function createValues(): Uint8Array {
	const values = new Uint8Array(128).fill(INVALID);
	for (let value = 0; value < ALPHABET.length; value++) values[ALPHABET.charCodeAt(value)] = value;
	return values;
}
