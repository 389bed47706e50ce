/**
 * Resolution without waiting: a verifier that looks up an organization it has seen before needs no promise and no new
 * resolution result.
 * @module
 */
import type { DIDResolutionResult, Resolvable } from "did-resolver";
import type { Observer } from "../observe/observer.js";
import type { CanonicalDidUrl } from "./did-url.js";

/** What a verifier derived from a resolution result, and the resolver's own notes on it. */
export interface Known<T> {
	readonly value: T;
}

/** Sees what a copy of a resolver does. */
export interface CopyWatch {
	readonly observer: Observer;
	/** Called with the registry's record of the organization, an `OrgRecord`. */
	readonly onRecord: (record: object) => void;
}

/** What a resolver offers to verifiers besides `resolve`. */
export interface KnownResolution {
	/** How many keys are worth remembering. */
	readonly maxEntries: number;
	/**
	 * Converts the result that `resolve` would return for one key; undefined if that takes a request, or isn't a success.
	 * Returns `last` as long as nothing about the organization has changed, so what is returned must not be modified.
	 */
	derive<T>(
		keyId: CanonicalDidUrl,
		last: Known<T> | undefined,
		convert: (result: DIDResolutionResult) => T,
	): Known<T> | undefined;
	/** Creates a resolver that uses what this one has cached but adds nothing to it, and reports what it does. */
	copy(watch: CopyWatch): Resolvable;
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
