/**
 * The forms that name the same organization or key: with the chain, without it, and by fragment alone.
 * @module
 */
import { type CanonicalDidUrl, formatDidUrl } from "./did-url.js";

/** The spellings of a DID URL in its own document: the canonical one first, the relative one last (DID Core 3.2.2). */
export function aliasesOf({ orgId, chainId, fragment }: CanonicalDidUrl): readonly [string, ...string[]] {
	const key = fragment === undefined ? {} : { fragment };
	const absolute = [formatDidUrl({ chainId, orgId, ...key }), formatDidUrl({ orgId, ...key })] as const;
	return fragment === undefined ? absolute : [...absolute, `#${fragment}`];
}

/** Checks whether a value is the subject's bare DID, with its chain or without. */
export function isSubjectDid(value: unknown, { did, orgId }: CanonicalDidUrl): boolean {
	return value === did || value === formatDidUrl({ orgId });
}

/** Rewrites a DID, DID URL or relative `#fragment` of the subject to its canonical form; anything else is undefined. */
export function canonicalizeId(value: unknown, { did, orgId }: CanonicalDidUrl): string | undefined {
	if (typeof value !== "string") return undefined;
	if (value.startsWith("#")) return `${did}${value}`;
	const alias = [did, formatDidUrl({ orgId })].find((form) => value === form || value.startsWith(`${form}#`));
	return alias === undefined ? undefined : `${did}${value.slice(alias.length)}`;
}
