/**
 * Hexadecimal text: written lower case with `0x`, read strictly.
 * @module
 */

/** Bytes as hexadecimal digits behind `0x`. */
export type Hex = `0x${string}`;

/** Whether the text begins with `0x`. */
export type HexPrefix = "required" | "optional" | "none";

const INVALID = 0xff;
const ZERO = 0x30;
const LOWER_X = 0x78;
const DIGITS = new TextEncoder().encode("0123456789abcdef");
const VALUES = createValues();

/** Encodes bytes as `0x` and lower-case digits. */
export function encodeHex(bytes: Uint8Array): Hex {
	return `0x${encodeHexDigits(bytes)}`;
}

/** Encodes bytes as lower-case digits without `0x`. */
export function encodeHexDigits(bytes: Uint8Array): string {
	const text = new Uint8Array(bytes.length * 2);
	let out = 0;
	for (const byte of bytes) {
		text[out++] = DIGITS[byte >> 4] as number;
		text[out++] = DIGITS[byte & 15] as number;
	}
	return new TextDecoder().decode(text);
}

/** Decodes hexadecimal digits of either case, two for each byte. */
export function decodeHex(text: string, prefix: HexPrefix = "required"): Uint8Array<ArrayBuffer> {
	const prefixed = text.charCodeAt(0) === ZERO && text.charCodeAt(1) === LOWER_X;
	if (prefix === "required" && !prefixed) throw new SyntaxError("hex: 0x is missing");
	const start = prefixed && prefix !== "none" ? 2 : 0;
	if (text.length % 2 !== 0) throw new SyntaxError("hex: the number of digits is odd");
	const bytes = new Uint8Array((text.length - start) / 2);
	for (let out = 0, at = start; at < text.length; at += 2) {
		bytes[out++] = (digitAt(text, at) << 4) | digitAt(text, at + 1);
	}
	return bytes;
}

function digitAt(text: string, at: number): number {
	const value = VALUES[text.charCodeAt(at)] ?? INVALID;
	if (value === INVALID) throw new SyntaxError(`hex: not a hexadecimal digit at ${at}`);
	return value;
}

function createValues(): Uint8Array {
	const values = new Uint8Array(128).fill(INVALID);
	for (const [value, code] of DIGITS.entries()) {
		values[code] = value;
		if (value > 9) values[code - 0x20] = value;
	}
	return values;
}
