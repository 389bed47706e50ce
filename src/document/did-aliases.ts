/**
 * The ways a document spells its own organization: with the chain, without, and by fragment alone.
 * @module
 */
import { type CanonicalDidUrl, formatDidUrl } from "../did/did-url.js";

/**
 * Rewrites a DID or DID URL of the subject to its canonical spelling. Anything but the exact spellings is
 * another subject's: upper-case hex digits, another chain, a path or a query.
 */
export function canonicalizeId(text: unknown, subject: CanonicalDidUrl): string | undefined {
	if (typeof text !== "string") return undefined;
	if (text.startsWith("#")) return `${subject.did}${text}`;
	for (const spelling of [subject.did, formatDidUrl({ orgId: subject.orgId })]) {
		const rest = text.slice(spelling.length);
		if (text.startsWith(spelling) && (rest === "" || rest.startsWith("#"))) return `${subject.did}${rest}`;
	}
	return undefined;
}

/** Tells whether a text is the subject's bare DID, with its chain or without. */
export function isSubjectDid(text: unknown, subject: CanonicalDidUrl): boolean {
	return text === subject.did || text === formatDidUrl({ orgId: subject.orgId });
}
