/**
 * A bounded cache of the registry's records, with one read per organization at a time. An entry invalidated during a
 * read stays invalidated. Reads in progress and ages are kept here, because lru-cache's own `fetch` can store the
 * result of a read that began before the entry was deleted, which would bring back a revoked key.
 * @module
 */
import { type CanonicalDidUrl, formatDidUrl } from "../did/did-url.js";
import { OUTAGE_CODES } from "../errors/codes.js";
import { isOrgpassError, RegistryError } from "../errors/errors.js";
import type { CacheUse } from "../observe/observer.js";
import { isSameState, type OnChainKey, type OrgRecord } from "../registry/org-record.js";
import type { Registry, StateReadOptions } from "../registry/registry.js";
import { BoundedCache } from "./bounded-cache.js";
import { createKeyLookups, type KeyLookups, type LookupLimit } from "./key-lookups.js";
import { createLimitedReads, type ReadGroup } from "./limited-reads.js";
import { createRevocationChecks } from "./revocation-checks.js";
import { createSeenFacts } from "./seen-facts.js";

/** Size of the cached records as JSON; organizations decide how long their records are. */
const MAX_KEPT_CHARACTERS = 2 ** 26;

/** How long an organization is used at most without being read again, however closely its changes are followed. */
const MAX_WATCHED_SECONDS = 3_600;

/** How often an organization is read at most for one caller if later blocks are seen meanwhile. */
const MAX_ATTEMPTS = 5;

/** A document without a hash is fetched again to look for a key, so its host limits how often. */
const DOCUMENT_COOLDOWN_SECONDS = 10;

export interface CacheLimits {
	readonly ttlSeconds: number;
	readonly negativeTtlSeconds: number;
	readonly staleIfErrorSeconds: number;
	readonly refreshCooldownSeconds: number;
	readonly maxEntries: number;
}

/** Follows the changes of records, and invalidates them. */
export interface RecordWatch {
	/** Whether every change of a record that has just been read will be seen. */
	covers(record: OrgRecord): boolean;
	/** The time up to which all changes of a chain's records have been seen, by the cache's clock; undefined if unknown. */
	confirmedAt(chainId: number): number | undefined;
}

/** An organization's record, undefined if the registry has no such organization. */
export interface CachedRecord {
	readonly record: OrgRecord | undefined;
	readonly cache: CacheUse;
}

interface Entry extends Pick<CachedRecord, "record"> {
	readonly readAt: number;
	/** Whether a change would have been seen, as of {@link RecordWatch.confirmedAt}. */
	readonly isCovered: boolean;
	/** When it was last read in vain; it is used instead of an error while it isn't too old. */
	failedAt?: number;
}

/** Reads organizations, from the cache if possible. */
export interface RecordCache {
	get(did: CanonicalDidUrl): Promise<CachedRecord>;
	/** Whether `get` would still return this record without waiting for a read. */
	isCurrent(record: OrgRecord): boolean;
	/** Whether a later state of the organization was seen or announced while this record was in use. */
	isOutdated(record: OrgRecord): boolean;
	/** For a key that isn't listed: reads the record again, then checks for a revocation. See {@link KeyLookups}. */
	findMissingKey(did: CanonicalDidUrl, fragment: string, known: CachedRecord): Promise<void>;
	/** Checks, once per record and name, whether a key that the record doesn't list was revoked on chain. */
	checkRevocation(did: CanonicalDidUrl, fragment: string, record: OrgRecord): Promise<unknown>;
	/** Starts `checkRevocation` early, to batch it; only for a record's first name, as tokens may name any number. */
	prefetchRevocation(did: CanonicalDidUrl, fragment: string, record: OrgRecord): void;
	/** The key, if a lookup found that it was revoked. A revocation is permanent, even if a lagging node disagrees. */
	revokedKey(did: CanonicalDidUrl, fragment: string): OnChainKey | undefined;
	/** All keys that lookups found to be revoked, by name; the same object until another one is found. */
	revokedKeys(did: string): ReadonlyMap<string, OnChainKey> | undefined;
	/** Removes an organization and discards the result of a read in progress. Earlier states are refused from now on. */
	invalidate(did: string, minBlock?: number): void;
	/** Removes all organizations, or those of one chain; what was seen of them stays known. */
	invalidateAll(chainId?: number): void;
	/** After a reorganization that begins after this block: later blocks of the chain aren't expected any more. */
	rewind(chainId: number, blockNumber: number): void;
	/** Removes everything, including what was seen. */
	clear(): void;
}

export function createRecordCache(
	registryOf: (chainId: number) => Registry,
	limits: CacheLimits,
	now: () => number,
	watch?: RecordWatch,
): RecordCache {
	const found = new BoundedCache<Entry>(limits.maxEntries, {
		maxSize: MAX_KEPT_CHARACTERS,
		sizeCalculation: ({ record }) => JSON.stringify(record).length,
	});
	const absent = new BoundedCache<Entry>(limits.maxEntries);
	const seen = createSeenFacts(limits.maxEntries);
	const lookups: KeyLookups<CachedRecord["record"]> = createKeyLookups(limits.maxEntries, now);
	const reads = createLimitedReads<Entry>();
	const revocations = createRevocationChecks(seen, ({ did, chainId, orgId }, fragment) =>
		registryOf(chainId).readKey(orgId, fragment, sinceSeen(did)),
	);
	const caches = [found, absent, lookups, reads];

	return {
		get,
		isCurrent: (record) => usable(record.did)?.record === record,
		isOutdated: (record) => usable(record.did)?.record !== record && record.blockNumber < seen.minBlock(record.did),
		findMissingKey,
		checkRevocation: revocations.check,
		prefetchRevocation: revocations.prefetch,
		revokedKey: ({ did }, fragment) => seen.revokedKeys(did)?.get(fragment),
		revokedKeys: (did) => seen.revokedKeys(did),
		invalidate(did, minBlock = 0) {
			seen.addBlock(did, minBlock);
			for (const cache of caches) cache.delete(did);
		},
		invalidateAll,
		rewind: seen.rewind,
		clear: () => [...caches, seen].forEach((cache) => void cache.clear()),
	};

	function invalidateAll(chainId?: number): void {
		if (chainId === undefined) {
			for (const cache of caches) cache.clear();
			return;
		}
		const prefix = `did:orgid:${chainId}:`;
		for (const cache of [found, absent]) {
			for (const did of [...cache.keys()]) if (did.startsWith(prefix)) cache.delete(did);
		}
		reads.clear();
	}

	async function get(did: CanonicalDidUrl): Promise<CachedRecord> {
		const known = usable(did.did);
		if (known !== undefined) {
			const { record, failedAt } = known;
			if (failedAt === undefined) return { record, cache: "hit" };
			if (Math.abs(now() - failedAt) >= limits.negativeTtlSeconds) retry(did, known);
			return { record, cache: "stale" };
		}
		const cache = reads.has(did.did) ? "shared" : "miss";
		try {
			const { record } = await read(did);
			return { record, cache };
		} catch (error) {
			const entry = staleEntry(did.did);
			if (entry === undefined || !isOutage(error)) throw error;
			entry.failedAt = now();
			return { record: entry.record, cache: "stale" };
		}
	}

	/** Nothing waits for this read: the organization is known, and its node was down a moment ago. */
	function retry(did: CanonicalDidUrl, entry: Entry): void {
		entry.failedAt = now();
		read(did).catch(() => undefined);
	}

	function fresh(did: string): Entry | undefined {
		const positive = found.get(did);
		if (positive !== undefined && ageOf(positive) < limits.ttlSeconds) return positive;
		const negative = absent.get(did);
		return negative !== undefined && ageOf(negative) < limits.negativeTtlSeconds ? negative : undefined;
	}

	/** A fresh entry, or an older one that couldn't be read again. */
	function usable(did: string): Entry | undefined {
		const entry = fresh(did);
		if (entry !== undefined) return entry;
		const stale = staleEntry(did);
		return stale?.failedAt === undefined ? undefined : stale;
	}

	/** An entry that may be used instead of an outage. */
	function staleEntry(did: string): Entry | undefined {
		const entry = found.get(did);
		const longest = limits.ttlSeconds + limits.staleIfErrorSeconds;
		return entry !== undefined && ageOf(entry, MAX_WATCHED_SECONDS + longest) < longest ? entry : undefined;
	}

	/** Since it was known to be current. Infinite if the clock was set back since: an unknown age is too old. */
	function ageOf({ record, readAt, isCovered }: Entry, maxWatched = MAX_WATCHED_SECONDS): number {
		const confirmedAt = record && isCovered ? watch?.confirmedAt(record.chainId) : undefined;
		const isConfirmed = confirmedAt !== undefined && confirmedAt > readAt && now() - readAt < maxWatched;
		const age = now() - (isConfirmed ? confirmedAt : readAt);
		return age < 0 ? Number.POSITIVE_INFINITY : age;
	}

	function read(did: CanonicalDidUrl, group?: ReadGroup): Promise<Entry> {
		const isUnknown = seen.minBlock(did.did) === 0;
		const limitedAs = group ?? (isUnknown ? "reads of unknown organizations" : undefined);
		return reads.run(did.did, limitedAs, (isCurrent) => readNow(did, isCurrent));
	}

	async function readNow(did: CanonicalDidUrl, isCurrent: () => boolean): Promise<Entry> {
		const readAt = now();
		const record = await readRecord(did);
		if (record !== undefined) seen.addBlock(did.did, record.blockNumber);
		const entry = { record, readAt, isCovered: record !== undefined && watch?.covers(record) === true };
		if (!isCurrent()) {
			if (record !== undefined) forgetEarlier(record);
			return entry;
		}
		const known = fresh(did.did);
		if (known?.record !== undefined && record !== undefined && isUnchanged(known.record, record)) return known;
		found.delete(did.did);
		absent.delete(did.did);
		(record === undefined ? absent : found).set(did.did, entry);
		return entry;
	}

	/** A read that began later may have been answered earlier, by a node that is behind. */
	function forgetEarlier({ did, blockNumber }: OrgRecord): void {
		const stored = found.peek(did)?.record;
		if (stored !== undefined && stored.blockNumber < blockNumber) found.delete(did);
		absent.delete(did);
	}

	/** Reads again if a later block is seen meanwhile. */
	async function readRecord({ did, chainId, orgId }: CanonicalDidUrl): Promise<OrgRecord | undefined> {
		for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
			const minBlock = seen.minBlock(did);
			const record = await registryOf(chainId).read(orgId, sinceSeen(did));
			if (seen.minBlock(did) <= (record?.blockNumber ?? minBlock)) return record;
		}
		throw new RegistryError(
			"registry/outdated",
			`every state of ${did} that the node returned is older than one seen before`,
		);
	}

	function sinceSeen(did: string): StateReadOptions {
		const minBlock = seen.minBlock(did);
		return minBlock === 0 ? {} : { minBlock };
	}

	async function findMissingKey(did: CanonicalDidUrl, fragment: string, known: CachedRecord): Promise<void> {
		const limit = limitOf(did.did, known);
		const isNew = known.cache === "miss";
		const record = isNew ? known.record : await lookups.lookUpRecord(limit, () => readAgain(did));
		if (record === undefined || record.keys.some((key) => key.fragment === fragment)) return;
		const key = await revocations.check(did, fragment, record, (readKey) => lookups.lookUpKey(limit, readKey));
		if (key?.revokedAt !== 0) return;
		// It was added in the meantime, or the nodes behind one address differ.
		const message = `the key ${formatDidUrl({ ...did, fragment })} isn't part of the state that was read`;
		throw new RegistryError("registry/outdated", message);
	}

	/** Starts a read: one in progress may return a state from before the key was added. */
	async function readAgain(did: CanonicalDidUrl): Promise<OrgRecord | undefined> {
		if (reads.has(did.did)) await read(did).catch(() => undefined);
		return (await read(did, "lookups of unlisted keys")).record;
	}

	function limitOf(did: string, { record }: CachedRecord): LookupLimit {
		const isInRegistry = record?.document === undefined || record.document.hash !== undefined;
		const cooldownSeconds = Math.max(limits.refreshCooldownSeconds, isInRegistry ? 0 : DOCUMENT_COOLDOWN_SECONDS);
		return { did, cooldownSeconds };
	}
}

/** A document without a hash may have changed although the record hasn't. */
function isUnchanged(known: OrgRecord, record: OrgRecord): boolean {
	return (record.document === undefined || record.document.hash !== undefined) && isSameState(known, record);
}

function isOutage(error: unknown): boolean {
	return isOrgpassError(error) && OUTAGE_CODES.has(error.code);
}
