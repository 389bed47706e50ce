/**
 * Padded standard base64 (RFC 4648 section 4), decoded strictly: exactly one text for each byte string.
 * @module
 */
import { base64 } from "@scure/base";

/** Encodes bytes with padding. */
export function encodeBase64(bytes: Uint8Array): string {
	return base64.encode(bytes);
}

/** Decodes base64. Whitespace, missing or extra padding, the URL alphabet and non-zero trailing bits throw. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
	try {
		return base64.decode(text) as Uint8Array<ArrayBuffer>;
	} catch {
		// The library's message quotes the text, which may be a secret.
		throw new SyntaxError("base64: not valid");
	}
}
