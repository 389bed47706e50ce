/**
 * Authenticates texts that instances share, if they have a secret.
 * @module
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { encodeBase64Url } from "../../encoding/base64.js";

export interface Seal {
	/** Whether a text that could be opened is one of our instances. */
	readonly isAuthentic: boolean;
	/** `context` says what the text is, and of what. */
	close(context: string, text: string): string;
	/** Undefined if the text is longer, or wasn't closed with the same secret and context. */
	open(context: string, sealed: string, maxCharacters: number): string | undefined;
}

const encoder = new TextEncoder();

export function createSeal(secret: string | false): Seal {
	const key = secret === false ? undefined : encoder.encode(secret);
	return {
		isAuthentic: key !== undefined,
		close: (context, text) => `${codeOf(context, text)}.${text}`,
		open(context, sealed, maxCharacters) {
			const end = sealed.indexOf(".");
			if (end < 0 || sealed.length - end > maxCharacters + 1) return undefined;
			const text = sealed.slice(end + 1);
			return isSame(sealed.slice(0, end), codeOf(context, text)) ? text : undefined;
		},
	};

	function codeOf(context: string, text: string): string {
		return key === undefined ? "" : encodeBase64Url(hmac(sha256, key, encoder.encode(`${context}\n${text}`)));
	}
}

/** Takes the same time wherever two texts of the same length differ. */
function isSame(first: string, second: string): boolean {
	if (first.length !== second.length) return false;
	let difference = 0;
	for (let at = 0; at < first.length; at++) difference |= first.charCodeAt(at) ^ second.charCodeAt(at);
	return difference === 0;
}
