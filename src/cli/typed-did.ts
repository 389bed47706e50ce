/**
 * DIDs as people type them.
 * @module
 */
import { type CanonicalDidUrl, type DidUrl, parseDidUrl, toCanonicalDidUrl } from "../did/did-url.js";
import { DidError } from "../errors/errors.js";

/** Lowercases the hexadecimal part of a DID, so that it can be typed in any case. */
export function lowerCaseDid(text: string): string {
	return text.replace(/0x[0-9a-fA-F]{64}/i, (hex) => hex.toLowerCase());
}

/** Parses a DID URL in any case; the error for anything else is one of usage. */
export function parseTypedDidUrl(text: string): DidUrl {
	try {
		return parseDidUrl(lowerCaseDid(text));
	} catch (error) {
		if (!(error instanceof DidError) || error.code !== "did/syntax") throw error;
		throw typedDidError(error.message, error);
	}
}

/** The error for a DID that was mistyped, rather than read from a token or a document. */
export function typedDidError(message: string, cause?: unknown): DidError {
	return new DidError("did/syntax", message, { details: { isTyped: true }, cause });
}

export function parseTypedDid(text: string, chainId: number): CanonicalDidUrl {
	const did = toCanonicalDidUrl(parseTypedDidUrl(text), chainId);
	if (did.chainId === chainId) return did;
	throw new DidError("did/chain-unknown", `the DID is on chain ${did.chainId}, the node on ${chainId}`);
}
