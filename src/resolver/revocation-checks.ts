/**
 * Checks whether keys that records don't list were revoked on chain: once per record and name.
 * @module
 */
import type { CanonicalDidUrl } from "../did/did-url.js";
import { addSharedWork, isUnsettled } from "../network/shared-work.js";
import type { OnChainKey, OrgRecord } from "../registry/org-record.js";
import type { SeenFacts } from "./seen-facts.js";

/** Reads a key of the organization, revoked or not. */
type ReadKey = () => Promise<OnChainKey | undefined>;

/** Tokens may name any number of keys during the time that a record is in use. */
const MAX_NAMES = 1_000;

export interface RevocationChecks {
	/** Returns the key, and remembers it in the facts if it was revoked; `limit` may delay or refuse the read. */
	check(did: CanonicalDidUrl, fragment: string, record: OrgRecord, limit?: (read: ReadKey) => PendingKey): PendingKey;
	/** Whether a check of this name has ended, and the key wasn't revoked. */
	isUnrevoked(fragment: string, record: OrgRecord): boolean;
	/** Starts a check early, to batch it; only for a record's first name, as tokens may name any number. */
	prefetch(did: CanonicalDidUrl, fragment: string, record: OrgRecord): void;
}

type PendingKey = Promise<OnChainKey | undefined>;

export function createRevocationChecks(
	seen: SeenFacts,
	readKey: (did: CanonicalDidUrl, fragment: string) => PendingKey,
): RevocationChecks {
	const pendingKeys = new WeakMap<OrgRecord, Map<string, PendingKey>>();
	/** Checks that have ended, and whether the key was revoked. */
	const ended = new WeakMap<PendingKey, boolean>();
	const unlimited = (read: ReadKey): PendingKey => read();

	return {
		check,
		isUnrevoked(fragment, record) {
			const pending = pendingKeys.get(record)?.get(fragment);
			return pending !== undefined && ended.get(pending) === false;
		},
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
	): PendingKey {
		const names = pendingKeys.get(record) ?? new Map<string, PendingKey>();
		pendingKeys.set(record, names);
		const earlier = names.get(fragment);
		// A check that a runtime has dropped isn't pending for ever.
		const isUsable = earlier !== undefined && (ended.has(earlier) || isUnsettled(earlier));
		const pending = isUsable ? earlier : addSharedWork(limit(() => readKey(did, fragment)));
		keep(names, fragment, pending);
		pending.then(
			(key) => ended.set(pending, isRevoked(key)),
			() => names.get(fragment) === pending && names.delete(fragment),
		);
		const key = await pending;
		if (!isRevoked(key)) return key;
		if (seen.revokedKeys(did.did)?.has(fragment) !== true) seen.addRevokedKey(did.did, key);
		return key;
	}
}

function isRevoked(key: OnChainKey | undefined): key is OnChainKey {
	return key !== undefined && key.revokedAt !== 0;
}

/** The names used last are kept. */
function keep(names: Map<string, PendingKey>, fragment: string, pending: PendingKey): void {
	names.delete(fragment);
	names.set(fragment, pending);
	const [oldest] = names.keys();
	if (names.size > MAX_NAMES && oldest !== undefined) names.delete(oldest);
}
