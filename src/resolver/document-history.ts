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
	/** The version of the newest document seen of an organization; 0 if none was seen. */
	newest(did: string): number;
	wasDeactivated(did: string): boolean;
	clear(): void;
}

/** With `earlier`, that history counts too, but learns nothing. */
export function createDocumentHistory(
	maxEntries: number,
	now: () => number,
	earlier?: DocumentHistory,
): DocumentHistory {
	const versions = new BoundedCache<number>(maxEntries);
	const deactivated = new BoundedCache<true>(maxEntries);
	return {
		assertNotOlder(orgJson) {
			const version = documentVersion(orgJson);
			const expected = newest(orgJson.id);
			if (version < expected) {
				const message = `expected a document of ${expected} or later, got one of ${version} (seconds since the epoch)`;
				const details = { expected, actual: version };
				throw new DocumentError("document/rolled-back", message, { details });
			}
			// A future date isn't remembered: all later documents would count as older, including a new owner's.
			if (version <= now()) versions.set(orgJson.id, version);
		},
		record({ id, deactivated: isDeactivated }) {
			if (isDeactivated) deactivated.set(id, true);
			else deactivated.delete(id);
		},
		newest,
		wasDeactivated: (did) => deactivated.has(did) || earlier?.wasDeactivated(did) === true,
		clear() {
			versions.clear();
			deactivated.clear();
		},
	};

	function newest(did: string): number {
		return Math.max(versions.get(did) ?? 0, earlier?.newest(did) ?? 0);
	}
}
