/**
 * A copy of a cache of records for a single look-up: it begins with what the original knows, which learns nothing from it.
 * @module
 */
import type { OrgRecord } from "../registry/org-record.js";
import type { RecordCache } from "./record-cache.js";

/** Copies what `original` knows of an organization into the empty cache `copy` when it is first asked for. */
export function copyOnRead(
	original: RecordCache,
	copy: RecordCache,
	onRecord: (record: OrgRecord) => void,
): RecordCache {
	/** In the order in which they were asked for; the first one is the organization that is looked up. */
	const copied = new Set<string>();
	return {
		...copy,
		isStale: (record) => copy.isStale(record) || original.isStale(record),
		isCurrent: (record) => copy.isCurrent(record) || original.isCurrent(record),
		isUnrevoked: (fragment, record) => copy.isUnrevoked(fragment, record) || original.isUnrevoked(fragment, record),
		async checkRevocation(did, fragment, record) {
			if (!original.isUnrevoked(fragment, record)) await copy.checkRevocation(did, fragment, record);
		},
		prefetchRevocation(did, fragment, record) {
			if (!original.isUnrevoked(fragment, record)) copy.prefetchRevocation(did, fragment, record);
		},
		async get(did) {
			if (!copied.has(did.did)) copy.restore(did.did, original.copyOf(did.did));
			copied.add(did.did);
			const found = await copy.get(did);
			const [first] = copied;
			if (found.record !== undefined && did.did === first) onRecord(found.record);
			return found;
		},
	};
}
