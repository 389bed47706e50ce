/**
 * Standard base64 and base64url, decoded strictly: each byte string has exactly one encoding.
 * @module
 */
import { decodeBase64Url } from "#base64url";

export { decodeBase64Url, decodeBase64UrlText, encodeBase64Url, encodeBase64UrlText } from "#base64url";

/** Encodes bytes as standard base64 with padding (RFC 4648 section 4). */
export function encodeBase64(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes) text += String.fromCharCode(byte);
	return btoa(text);
}

/** Decodes base64. Whitespace, missing or extra padding, the URL alphabet and non-zero trailing bits throw. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
	if (text.length % 4 !== 0 || text.includes("-") || text.includes("_")) throw new SyntaxError("base64: not valid");
	const padding = text.endsWith("==") ? 2 : Number(text.endsWith("="));
	const unpadded = text.slice(0, text.length - padding);
	try {
		return decodeBase64Url(unpadded.replaceAll("+", "-").replaceAll("/", "_"));
	} catch {
		throw new SyntaxError("base64: not valid");
	}
}
