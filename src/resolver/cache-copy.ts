/**
 * A copy of a cache of records for a single look-up: it begins with what the original knows, which learns nothing from it.
 * @module
 */
import type { RecordCache } from "./record-cache.js";

/** Copies what `original` knows of an organization into the empty cache `copy` when it is first asked for. */
export function copyOnRead(original: RecordCache, copy: RecordCache): RecordCache {
	const copied = new Set<string>();
	return {
		...copy,
		get(did) {
			if (!copied.has(did.did)) copy.restore(did.did, original.copyOf(did.did));
			copied.add(did.did);
			return copy.get(did);
		},
	};
}
