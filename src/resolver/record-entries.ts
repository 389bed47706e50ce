/**
 * The entries of the cache of records, and how old they are.
 * @module
 */
import { BoundedCache } from "../caching/bounded-cache.js";
import { isSameState, type OnChainKey, type OrgRecord } from "../registry/org-record.js";
import type { SharedRecord } from "./sharing/shared-records.js";

/** Size of the cached records as JSON; organizations decide how long their records are. */
const MAX_KEPT_CHARACTERS = 2 ** 26;

/** How long an organization is used at most without being read again, however closely its changes are followed. */
const MAX_WATCHED_SECONDS = 3_600;

export interface CacheLimits {
	readonly ttlSeconds: number;
	readonly negativeTtlSeconds: number;
	readonly staleIfErrorSeconds: number;
	readonly refreshCooldownSeconds: number;
	readonly maxEntries: number;
}

/** What became of a chain's blocks. */
export interface ReorganizedBlocks {
	/** The last block. */
	readonly head: number;
	/** No block up to this one has been replaced. */
	readonly unreplaced: number;
}

/** Follows the changes of records, and invalidates them. */
export interface RecordWatch {
	/** Whether every change will be seen of a record whose read began at `readAt` and has just ended. */
	covers(record: OrgRecord, readAt: number): boolean;
	/** The time up to which all changes of a chain's records have been seen, by the cache's clock; undefined if unknown. */
	confirmedAt(chainId: number): number | undefined;
}

export interface Entry extends SharedRecord {
	/** Whether another instance has read it. */
	readonly isShared: boolean;
	/** Whether a change would have been seen, as of {@link RecordWatch.confirmedAt}. */
	isCovered: boolean;
	/** When it was last read in vain; it is used instead of an error while it isn't too old. */
	failedAt?: number;
}

/** What is known of an organization. */
export interface KnownState {
	readonly entry: Entry | undefined;
	readonly minBlock: number;
	readonly revokedKeys: ReadonlyMap<string, OnChainKey> | undefined;
}

export interface RecordEntries {
	/** An entry that is younger than its TTL. */
	fresh(did: string): Entry | undefined;
	/** A fresh entry, or an older one that couldn't be read again. */
	usable(did: string): Entry | undefined;
	/** Whether the usable entry has this record. */
	isCurrent(record: OrgRecord): boolean;
	/** An entry that may be used instead of an outage. */
	stale(did: string): Entry | undefined;
	/** Since it was known to be current. Infinite if the clock was set back since: an unknown age is too old. */
	ageOf(entry: Omit<Entry, "isShared">): number;
	/** The last record, however old it is. */
	last(did: string): OrgRecord | undefined;
	set(did: string, entry: Entry): void;
	delete(did: string): void;
	/** A read that began later may have been answered earlier, by a node that is behind. */
	deleteEarlier(record: OrgRecord): void;
	/** After a reorganization: what was read in replaced blocks may be of a branch whose log nobody has read. */
	rewind(chainId: number, blocks: ReorganizedBlocks): void;
	/** Deletes all entries, or those of one chain. */
	deleteAll(chainId?: number): void;
	clear(): void;
}

export function createRecordEntries(limits: CacheLimits, now: () => number, watch?: RecordWatch): RecordEntries {
	const found = new BoundedCache<Entry>(limits.maxEntries, {
		maxSize: MAX_KEPT_CHARACTERS,
		sizeCalculation: ({ record }) => JSON.stringify(record).length,
	});
	const absent = new BoundedCache<Entry>(limits.maxEntries);
	const caches = [found, absent];

	return {
		fresh,
		usable,
		isCurrent: (record) => usable(record.did)?.record === record,
		stale,
		ageOf,
		last: (did) => found.peek(did)?.record,
		set(did, entry) {
			for (const cache of caches) cache.delete(did);
			(entry.record === undefined ? absent : found).set(did, entry);
		},
		delete: (did) => caches.forEach((cache) => void cache.delete(did)),
		deleteEarlier({ did, blockNumber }) {
			const stored = found.peek(did)?.record;
			if (stored !== undefined && stored.blockNumber < blockNumber) found.delete(did);
			absent.delete(did);
		},
		rewind(chainId, { unreplaced }) {
			for (const did of didsOf(found, chainId)) {
				const entry = found.peek(did);
				if (entry?.record !== undefined && entry.record.blockNumber > unreplaced) entry.isCovered = false;
			}
		},
		deleteAll(chainId) {
			for (const cache of caches) for (const did of didsOf(cache, chainId)) cache.delete(did);
		},
		clear: () => caches.forEach((cache) => void cache.clear()),
	};

	function fresh(did: string): Entry | undefined {
		const positive = found.get(did);
		if (positive !== undefined && ageOf(positive) < limits.ttlSeconds) return positive;
		const negative = absent.get(did);
		return negative !== undefined && ageOf(negative) < limits.negativeTtlSeconds ? negative : undefined;
	}

	function usable(did: string): Entry | undefined {
		const entry = fresh(did);
		if (entry !== undefined) return entry;
		const older = stale(did);
		return older?.failedAt === undefined ? undefined : older;
	}

	function stale(did: string): Entry | undefined {
		const entry = found.get(did);
		const longest = limits.ttlSeconds + limits.staleIfErrorSeconds;
		return entry !== undefined && ageOf(entry, MAX_WATCHED_SECONDS + longest) < longest ? entry : undefined;
	}

	function ageOf({ record, readAt, isCovered }: Omit<Entry, "isShared">, maxWatched = MAX_WATCHED_SECONDS): number {
		const confirmedAt = record && isCovered ? watch?.confirmedAt(record.chainId) : undefined;
		const isConfirmed = confirmedAt !== undefined && confirmedAt > readAt && now() - readAt < maxWatched;
		const age = now() - (isConfirmed ? confirmedAt : readAt);
		return age < 0 ? Number.POSITIVE_INFINITY : age;
	}
}

function didsOf(cache: BoundedCache<Entry>, chainId: number | undefined): readonly string[] {
	const prefix = chainId === undefined ? "" : `did:orgid:${chainId}:`;
	return [...cache.keys()].filter((did) => did.startsWith(prefix));
}

/** A document without a hash may have changed although the record hasn't. */
export function isUnchanged(known: OrgRecord, record: OrgRecord): boolean {
	return (record.document === undefined || record.document.hash !== undefined) && isSameState(known, record);
}
