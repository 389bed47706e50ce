/**
 * The ways to name the same organization or key: with the chain, without it, or by the fragment alone.
 * @module
 */
import { type CanonicalDidUrl, formatDidUrl } from "./did-url.js";

/** The spellings of a DID URL in its own document: canonical first, relative last (DID Core 3.2.2). */
export function aliasesOf({ orgId, chainId, fragment }: CanonicalDidUrl): readonly [string, ...string[]] {
	const [canonical, short] = [formatDidUrl({ chainId, orgId }), formatDidUrl({ orgId })];
	if (fragment === undefined) return [canonical, short];
	const end = `#${fragment}`;
	return [canonical + end, short + end, end];
}

/** Checks whether a value is the subject's bare DID, with its chain or without. */
export function isSubjectDid(value: unknown, { did, orgId }: CanonicalDidUrl): boolean {
	return value === did || value === formatDidUrl({ orgId });
}

/** Converts a DID, DID URL or `#fragment` of the subject to its canonical form; undefined for anything else. */
export function canonicalizeId(value: unknown, { did, orgId }: CanonicalDidUrl): string | undefined {
	if (typeof value !== "string") return undefined;
	if (value.startsWith("#")) return `${did}${value}`;
	const alias = [did, formatDidUrl({ orgId })].find((form) => value === form || value.startsWith(`${form}#`));
	return alias === undefined ? undefined : `${did}${value.slice(alias.length)}`;
}
