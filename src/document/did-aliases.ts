/**
 * The ways a document spells its own organization: with the chain, without, and by fragment alone.
 * @module
 */
import { type CanonicalDidUrl, formatDidUrl } from "../did/did-url.js";

/**
 * Rewrites a DID or DID URL of the subject to its canonical spelling. Anything but the exact spellings is
 * another subject's: upper-case hex digits, another chain, a path or a query.
 *
 * @param text a DID, a DID URL or, for keys, `#fragment`
 * @param subject the organization
 * @returns the same below the canonical DID; undefined where it isn't the subject's
 */
export function toOwnSpelling(text: unknown, subject: CanonicalDidUrl): string | undefined {
	if (typeof text !== "string") return undefined;
	if (text.startsWith("#")) return `${subject.did}${text}`;
	for (const spelling of [subject.did, formatDidUrl({ orgId: subject.orgId })]) {
		const rest = text.slice(spelling.length);
		if (text.startsWith(spelling) && (rest === "" || rest.startsWith("#"))) return `${subject.did}${rest}`;
	}
	return undefined;
}

/**
 * Tells whether a text is the subject's bare DID, with its chain or without.
 *
 * @param text anything
 * @param subject the organization
 * @returns true for one of the two spellings
 */
export function isOwnDid(text: unknown, subject: CanonicalDidUrl): boolean {
	return text === subject.did || text === formatDidUrl({ orgId: subject.orgId });
}
