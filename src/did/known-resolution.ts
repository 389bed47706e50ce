/**
 * Resolution without waiting: a verifier that looks up an organization it has seen before needs no promise and no new
 * resolution result.
 * @module
 */
import type { DIDResolutionResult, Resolvable } from "did-resolver";
import type { CanonicalDidUrl } from "./did-url.js";

/**
 * Returns what `resolve` would return for one key, or undefined if that takes a request, or isn't a success. The result
 * is the same object as long as nothing about the organization has changed, so it must not be changed.
 */
export type KnownResult = () => DIDResolutionResult | undefined;

/** What a resolver offers to verifiers besides `resolve`. */
export interface KnownResolution {
	/** How many keys are worth remembering. */
	readonly maxEntries: number;
	/** The results for a key. */
	resultsOf(keyId: CanonicalDidUrl): KnownResult;
}

/** By resolver: a method would also be on copies of a resolver whose `resolve` was replaced. */
const byResolver = new WeakMap<Resolvable, KnownResolution>();

export function registerKnownResolution(resolver: Resolvable, known: KnownResolution): void {
	byResolver.set(resolver, known);
}

/** Undefined unless the resolver is one of `createOrgIdResolver`. */
export function knownResolutionOf(resolver: Resolvable): KnownResolution | undefined {
	return byResolver.get(resolver);
}
