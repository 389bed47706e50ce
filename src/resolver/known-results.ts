/**
 * Resolution results of organizations in the cache, for verifiers. They keep what they need of a result, so that a known
 * organization takes as little memory as possible.
 * @module
 */
import type { DIDResolutionResult } from "did-resolver";
import type { CanonicalDidUrl } from "../did/did-url.js";
import type { Known, KnownResolution } from "../did/known-resolution.js";
import { observe } from "../observe/observe.js";
import type { Observer } from "../observe/observer.js";
import { type OrganizationStore, type PeekedOrganization, toKnownOrganization } from "./organization-store.js";
import { forgetDocument, steadyPeriodOf, toSuccess } from "./resolution-result.js";

/** What was derived last for a key, and until when it stays the same unless something about the organization changes. */
interface Last<T> extends PeekedOrganization, Known<T> {
	readonly steady: readonly [number, number];
}

/** Creates {@link KnownResolution.derive}. */
export function createKnownResults(
	organizations: OrganizationStore,
	now: () => number,
	observer: Observer | undefined,
): KnownResolution["derive"] {
	return function derive<T>(
		keyId: CanonicalDidUrl,
		last: Known<T> | undefined,
		convert: (result: DIDResolutionResult) => T,
	): Known<T> | undefined {
		const known = next(keyId, last as Last<T> | undefined, convert);
		// The first one is of a result of `resolve`, which has reported it.
		if (known !== undefined && last !== undefined && observer !== undefined) report(observer, keyId.did);
		return known;
	};

	function next<T>(
		keyId: CanonicalDidUrl,
		last: Last<T> | undefined,
		convert: (result: DIDResolutionResult) => T,
	): Last<T> | undefined {
		const peeked = organizations.peek(keyId, last);
		if (peeked === undefined) return undefined;
		const time = now();
		if (peeked === last && time >= last.steady[0] && time < last.steady[1]) return last;
		const { record, loaded, revokedKeys } = peeked;
		const found = toKnownOrganization(peeked);
		const value = convert(toSuccess(found, keyId.did, time));
		const steady = steadyPeriodOf(found, keyId.did, time);
		forgetDocument(found);
		return { record, loaded, revokedKeys, value, steady };
	}
}

function report(observer: Observer, did: string): void {
	observe(observer, { operation: "resolve" }, async (facts) => {
		facts.did = did;
		facts.cache = "hit";
	});
}
