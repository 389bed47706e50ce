/**
 * Resolution results of organizations in the cache, for verifiers.
 * @module
 */
import type { DIDResolutionResult } from "did-resolver";
import type { CanonicalDidUrl } from "../did/did-url.js";
import type { KnownResult } from "../did/known-resolution.js";
import { observe } from "../observe/observe.js";
import type { Observer } from "../observe/observer.js";
import type { OrganizationStore, PeekedOrganization } from "./organization-store.js";
import { steadyPeriodOf, toSuccess } from "./resolution-result.js";

/** The last result for a key, and until when it stays the same unless something about the organization changes. */
interface Last {
	readonly peeked: PeekedOrganization;
	readonly result: DIDResolutionResult;
	readonly steady: readonly [number, number];
}

/** Creates {@link KnownResolution.resultsOf}. */
export function createKnownResults(
	organizations: OrganizationStore,
	now: () => number,
	observer: Observer | undefined,
): (keyId: CanonicalDidUrl) => KnownResult {
	return (keyId) => {
		let last: Last | undefined;
		return () => {
			last = next(keyId, last);
			if (last !== undefined && observer !== undefined) report(observer, keyId.did);
			return last?.result;
		};
	};

	function next(keyId: CanonicalDidUrl, last: Last | undefined): Last | undefined {
		const peeked = organizations.peek(keyId, last?.peeked);
		if (peeked === undefined) return undefined;
		const time = now();
		if (peeked === last?.peeked && time >= last.steady[0] && time < last.steady[1]) return last;
		const { found } = peeked;
		return { peeked, result: toSuccess(found, keyId.did, time), steady: steadyPeriodOf(found, keyId.did, time) };
	}
}

function report(observer: Observer, did: string): void {
	observe(observer, { operation: "resolve" }, async (facts) => {
		facts.did = did;
		facts.cache = "hit";
	});
}
