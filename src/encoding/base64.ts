/**
 * Base64 with either alphabet of RFC 4648, decoded strictly: one text per byte string and no other.
 * @module
 */

const STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const INVALID = 0xff;
const EQUALS = 0x3d;

/** One of the two alphabets: char codes by value and values by char code. */
export interface Base64Alphabet {
	readonly name: string;
	readonly codes: Uint8Array;
	readonly values: Uint8Array;
}

/** RFC 4648 section 4. */
const STANDARD_ALPHABET: Base64Alphabet = createAlphabet("base64", STANDARD);
/** RFC 4648 section 5. */
export const URL_ALPHABET: Base64Alphabet = createAlphabet("base64url", URL_SAFE);

/** Encodes bytes as padded standard base64 (RFC 4648 section 4). */
export function encodeBase64(bytes: Uint8Array): string {
	return encodeUnpadded(bytes, STANDARD_ALPHABET) + "=".repeat((3 - (bytes.length % 3)) % 3);
}

/**
 * Decodes padded standard base64 (RFC 4648 section 4). Whitespace, missing or surplus padding, the
 * URL alphabet and trailing bits are refused.
 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
	if (text.length % 4 !== 0) throw new SyntaxError("base64: the length is not a multiple of 4");
	let end = text.length;
	if (text.charCodeAt(end - 1) === EQUALS) end--;
	if (text.charCodeAt(end - 1) === EQUALS) end--;
	return decodeUnpadded(text.slice(0, end), STANDARD_ALPHABET);
}

/** Encodes bytes without padding. */
export function encodeUnpadded(bytes: Uint8Array, { codes }: Base64Alphabet): string {
	const text = new Uint8Array(Math.ceil((bytes.length * 4) / 3));
	let out = 0;
	let bits = 0;
	let pending = 0;
	for (const byte of bytes) {
		bits = ((bits << 8) | byte) & 0xffff;
		pending += 8;
		while (pending >= 6) {
			pending -= 6;
			text[out++] = codes[(bits >> pending) & 0x3f] as number;
		}
	}
	if (pending > 0) text[out] = codes[(bits << (6 - pending)) & 0x3f] as number;
	return new TextDecoder().decode(text);
}

/** Decodes text without padding; only characters of the alphabet, and trailing bits must be zero. */
export function decodeUnpadded(text: string, { name, values }: Base64Alphabet): Uint8Array<ArrayBuffer> {
	const length = text.length;
	if (length % 4 === 1) throw new SyntaxError(`${name}: no byte string has an encoding of this length`);
	const bytes = new Uint8Array((length * 3) >> 2);
	let out = 0;
	let bits = 0;
	let pending = 0;
	for (let at = 0; at < length; at++) {
		const value = values[text.charCodeAt(at)] ?? INVALID;
		if (value === INVALID) throw new SyntaxError(`${name}: a character outside the alphabet at ${at}`);
		bits = ((bits << 6) | value) & 0xffff;
		pending += 6;
		if (pending >= 8) {
			pending -= 8;
			bytes[out++] = bits >> pending;
		}
	}
	if ((bits & ((1 << pending) - 1)) !== 0) {
		throw new SyntaxError(`${name}: the bits after the last byte are not zero`);
	}
	return bytes;
}

function createAlphabet(name: string, characters: string): Base64Alphabet {
	const codes = new TextEncoder().encode(characters);
	const values = new Uint8Array(128).fill(INVALID);
	for (const [value, code] of codes.entries()) values[code] = value;
	return { name, codes, values };
}
