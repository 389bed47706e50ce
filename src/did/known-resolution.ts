/**
 * Resolution without waiting. A verifier that looks up an organization it has seen before pays for no promise and no
 * new resolution result.
 * @module
 */
import type { DIDResolutionResult, Resolvable } from "did-resolver";
import type { CanonicalDidUrl } from "./did-url.js";

/**
 * Returns what `resolve` would return for the key of an organization, or undefined if that takes a request or isn't a
 * success. It is the same object, deeply frozen, as long as nothing about the organization has changed.
 */
export type KnownResolution = (keyId: CanonicalDidUrl) => DIDResolutionResult | undefined;

/** By resolver: a method would also be on copies of a resolver whose `resolve` was replaced. */
const byResolver = new WeakMap<Resolvable, KnownResolution>();

/** Registers the function of a resolver. */
export function registerKnownResolution(resolver: Resolvable, find: KnownResolution): void {
	byResolver.set(resolver, find);
}

/** Returns the function of a resolver, which knows nothing unless it is one of `createOrgIdResolver`. */
export function knownResolutionOf(resolver: Resolvable): KnownResolution {
	return byResolver.get(resolver) ?? (() => undefined);
}
