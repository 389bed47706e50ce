/**
 * DIDs as people type them.
 * @module
 */
import { type CanonicalDidUrl, parseDidUrl, toCanonicalDidUrl } from "../did/did-url.js";
import { DidError } from "../errors/errors.js";

/** Lowercases the hexadecimal part of a DID, so that it can be typed in any case. */
export function lowerCaseDid(text: string): string {
	return text.replace(/0x[0-9a-fA-F]{64}/i, (hex) => hex.toLowerCase());
}

export function parseTypedDid(text: string, chainId: number): CanonicalDidUrl {
	const did = toCanonicalDidUrl(parseDidUrl(lowerCaseDid(text)), chainId);
	if (did.chainId === chainId) return did;
	throw new DidError("did/chain-unknown", `the DID is on chain ${did.chainId}, the node on ${chainId}`);
}
