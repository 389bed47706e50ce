/** @module */
import type { SeenFacts } from "../seen-facts.js";
import type { SharedRecords } from "./shared-records.js";

/** Tells the other instances which keys were seen revoked. */
export function announcing(seen: SeenFacts, shared: SharedRecords | undefined): SeenFacts {
	if (shared === undefined) return seen;
	return {
		...seen,
		addRevokedKey(did, key) {
			seen.addRevokedKey(did, key);
			shared.announceRevoked(did, key);
		},
	};
}
