/**
 * Hexadecimal text: written in lower case, read strictly.
 * @module
 */
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";

const DIGITS = /^(?:0x)?(?:[\da-fA-F]{2})+$/;

/** Bytes as `0x` and hexadecimal digits. */
export type Hex = `0x${string}`;

/** Encodes bytes as `0x` and lower-case digits. */
export function encodeHex(bytes: Uint8Array): Hex {
	return `0x${bytesToHex(bytes)}`;
}

/** Encodes bytes as lower-case digits without `0x`. */
export function encodeHexDigits(bytes: Uint8Array): string {
	return bytesToHex(bytes);
}

/** Decodes hexadecimal digits of either case, two per byte, with the `0x` that `prefix` allows or requires. */
export function decodeHex(
	text: string,
	prefix: "required" | "optional" | "none" = "required",
): Uint8Array<ArrayBuffer> {
	const isPrefixed = text.startsWith("0x");
	if (prefix === "required" && !isPrefixed) throw new SyntaxError("hex: 0x is missing");
	try {
		return hexToBytes(isPrefixed && prefix !== "none" ? text.slice(2) : text) as Uint8Array<ArrayBuffer>;
	} catch {
		// The library's message quotes the text, which may be a secret.
		throw new SyntaxError("hex: not an even number of hexadecimal digits");
	}
}

/** Whether a text is bytes in hexadecimal digits, at least one, with or without `0x`. */
export function isHexDigits(text: string): boolean {
	return DIGITS.test(text);
}
