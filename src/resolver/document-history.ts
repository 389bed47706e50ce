/**
 * Remembers organizations' earlier documents, so that a host can't serve an outdated one.
 * @module
 */
import { BoundedCache } from "../caching/bounded-cache.js";
import { documentVersion, type OrgJson } from "../document/org-json.js";
import { DocumentError } from "../errors/errors.js";

/** Remembers the newest document of each organization, and whether it deactivated the organization. */
export interface DocumentHistory {
	/** Throws if the document is older than the newest one seen. */
	assertNotOlder(orgJson: OrgJson): void;
	record(orgJson: OrgJson): void;
	wasDeactivated(did: string): boolean;
	clear(): void;
}

export function createDocumentHistory(maxEntries: number, now: () => number): DocumentHistory {
	const versions = new BoundedCache<number>(maxEntries);
	const deactivated = new BoundedCache<true>(maxEntries);
	return {
		assertNotOlder(orgJson) {
			const version = documentVersion(orgJson);
			const newest = versions.get(orgJson.id) ?? 0;
			if (version < newest) {
				const message = `expected a document of ${newest} or later, got one of ${version} (seconds since the epoch)`;
				const details = { expected: newest, actual: version };
				throw new DocumentError("document/rolled-back", message, { details });
			}
			// A future date isn't remembered: all later documents would count as older, including a new owner's.
			if (version <= now()) versions.set(orgJson.id, version);
		},
		record({ id, deactivated: isDeactivated }) {
			if (isDeactivated) deactivated.set(id, true);
			else deactivated.delete(id);
		},
		wasDeactivated: (did) => deactivated.has(did),
		clear() {
			versions.clear();
			deactivated.clear();
		},
	};
}
