/**
 * Checks whether keys that records don't list were revoked on chain: once per record and name.
 * @module
 */
import type { CanonicalDidUrl } from "../did/did-url.js";
import { addSharedWork } from "../network/shared-work.js";
import type { OnChainKey, OrgRecord } from "../registry/org-record.js";
import type { SeenFacts } from "./seen-facts.js";

/** Reads a key of the organization, revoked or not. */
type ReadKey = () => Promise<OnChainKey | undefined>;

export interface RevocationChecks {
	/** Remembers the key in the facts if it was revoked; `limit` may delay or refuse the read. */
	check(
		did: CanonicalDidUrl,
		fragment: string,
		record: OrgRecord,
		limit?: (read: ReadKey) => PendingKey,
	): Promise<void>;
	/** Starts a check early, to batch it; only for a record's first name, as tokens may name any number. */
	prefetch(did: CanonicalDidUrl, fragment: string, record: OrgRecord): void;
}

type PendingKey = Promise<OnChainKey | undefined>;

export function createRevocationChecks(
	seen: SeenFacts,
	readKey: (did: CanonicalDidUrl, fragment: string) => PendingKey,
): RevocationChecks {
	const pendingKeys = new WeakMap<OrgRecord, Map<string, PendingKey>>();
	const unlimited = (read: ReadKey): PendingKey => read();

	return {
		check,
		prefetch(did, fragment, record) {
			if (pendingKeys.has(record)) return;
			// The failure is reported to the caller that needs the result.
			check(did, fragment, record).catch(() => undefined);
		},
	};

	async function check(
		did: CanonicalDidUrl,
		fragment: string,
		record: OrgRecord,
		limit: (read: ReadKey) => PendingKey = unlimited,
	): Promise<void> {
		const names = pendingKeys.get(record) ?? new Map<string, PendingKey>();
		pendingKeys.set(record, names);
		const pending = names.get(fragment) ?? addSharedWork(limit(() => readKey(did, fragment)));
		names.set(fragment, pending);
		pending.catch(() => names.delete(fragment));
		const key = await pending;
		if (key === undefined || key.revokedAt === 0) return;
		if (seen.revokedKeys(did.did)?.has(fragment) !== true) seen.addRevokedKey(did.did, key);
	}
}
