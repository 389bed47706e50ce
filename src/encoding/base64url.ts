/**
 * Base64url of RFC 7515 section 2: no padding, no whitespace, one text per byte string.
 * @module
 */

import { decodeUnpadded, encodeUnpadded, URL_ALPHABET } from "./base64.js";

/** Encodes bytes as unpadded base64url (RFC 7515 section 2). */
export function encodeBase64Url(bytes: Uint8Array): string {
	return encodeUnpadded(bytes, URL_ALPHABET);
}

/**
 * Decodes unpadded base64url (RFC 7515 section 2). Padding, `+`, `/`, whitespace, a length of
 * 4k + 1 and trailing bits that are not zero are refused, so that no two texts mean the same bytes.
 */
export function decodeBase64Url(text: string): Uint8Array<ArrayBuffer> {
	return decodeUnpadded(text, URL_ALPHABET);
}
