/**
 * A bounded cache of the registry's records, with one read per organization at a time. An entry invalidated during a
 * read stays invalidated. Reads in progress and ages are kept here, because lru-cache's own `fetch` can store the
 * result of a read that began before the entry was deleted, which would bring back a revoked key.
 * @module
 */
import type { CanonicalDidUrl } from "../did/did-url.js";
import { RegistryError } from "../errors/errors.js";
import type { CacheUse } from "../observe/observer.js";
import type { OnChainKey, OrgRecord } from "../registry/org-record.js";
import type { Registry } from "../registry/registry.js";
import { BoundedCache } from "./bounded-cache.js";
import { createKeyLookups, type KeyLookups } from "./key-lookups.js";

/** Tokens may name any number of organizations, so further reads fail with `registry/unreachable`. */
const MAX_CONCURRENT_READS = 1_000;

/** Size of the cached records as JSON; organizations decide how long their records are. */
const MAX_KEPT_CHARACTERS = 2 ** 26;

export interface CacheLimits {
	readonly ttlSeconds: number;
	readonly negativeTtlSeconds: number;
	readonly refreshCooldownSeconds: number;
	readonly maxEntries: number;
}

/** An organization's record, undefined if the registry has no such organization. */
export interface CachedRecord {
	readonly record: OrgRecord | undefined;
	readonly cache: CacheUse;
}

interface Entry extends Pick<CachedRecord, "record"> {
	readonly readAt: number;
}

type PendingKey = Promise<OnChainKey | undefined>;

/** Reads organizations, from the cache if possible. */
export interface RecordCache {
	get(did: CanonicalDidUrl): Promise<CachedRecord>;
	/** Whether `get` would still return this record without reading it again. */
	isCurrent(record: OrgRecord): boolean;
	/** For a key that isn't listed: reads the record again, then checks for a revocation. See {@link KeyLookups}. */
	findMissingKey(did: CanonicalDidUrl, fragment: string, known: CachedRecord): Promise<void>;
	/** Checks, once per record and name, whether a key that the record doesn't list was revoked on chain. */
	checkRevocation(did: CanonicalDidUrl, fragment: string, record: OrgRecord): Promise<void>;
	/** Starts `checkRevocation` early, to batch it; only for a record's first name, as tokens may name any number. */
	prefetchRevocation(did: CanonicalDidUrl, fragment: string, record: OrgRecord): void;
	/** The key, if a lookup found that it was revoked. A revocation is permanent, even if a lagging node disagrees. */
	revokedKey(did: CanonicalDidUrl, fragment: string): OnChainKey | undefined;
	/** All keys that lookups found to be revoked, by name; the same object until another one is found. */
	revokedKeys(did: string): ReadonlyMap<string, OnChainKey> | undefined;
	/** Removes an organization, and discards the result of a read in progress. */
	invalidate(did: string): void;
	clear(): void;
}

export function createRecordCache(
	registryOf: (chainId: number) => Registry,
	limits: CacheLimits,
	now: () => number,
): RecordCache {
	const found = new BoundedCache<Entry>(limits.maxEntries, {
		maxSize: MAX_KEPT_CHARACTERS,
		sizeCalculation: ({ record }) => JSON.stringify(record).length,
	});
	const absent = new BoundedCache<Entry>(limits.maxEntries);
	const revoked = new BoundedCache<ReadonlyMap<string, OnChainKey>>(limits.maxEntries);
	const lookups = createKeyLookups(limits.refreshCooldownSeconds, limits.maxEntries, now);
	const reads = new Map<string, Promise<Entry>>();
	const pendingKeys = new WeakMap<OrgRecord, Map<string, PendingKey>>();

	const caches = [found, absent, revoked, lookups, reads];

	return {
		get,
		isCurrent: (record) => fresh(record.did)?.record === record,
		findMissingKey,
		checkRevocation,
		prefetchRevocation,
		revokedKey: ({ did }, fragment) => revoked.get(did)?.get(fragment),
		revokedKeys: (did) => revoked.get(did),
		invalidate: (did) => caches.forEach((cache) => void cache.delete(did)),
		clear: () => caches.forEach((cache) => void cache.clear()),
	};

	async function get(did: CanonicalDidUrl): Promise<CachedRecord> {
		const known = fresh(did.did);
		if (known !== undefined) return { record: known.record, cache: "hit" };
		const cache = reads.has(did.did) ? "shared" : "miss";
		const { record } = await read(did);
		return { record, cache };
	}

	async function checkRevocation(did: CanonicalDidUrl, fragment: string, record: OrgRecord): Promise<void> {
		const key = await readKey(did, fragment, record);
		if (key === undefined || key.revokedAt === 0) return;
		revoked.set(did.did, new Map([...(revoked.get(did.did) ?? []), [fragment, key]]));
	}

	function readKey(did: CanonicalDidUrl, fragment: string, record: OrgRecord): PendingKey {
		const names = pendingKeys.get(record) ?? new Map<string, PendingKey>();
		pendingKeys.set(record, names);
		const pending = names.get(fragment) ?? registryOf(did.chainId).readKey(did.orgId, fragment);
		names.set(fragment, pending);
		pending.catch(() => names.delete(fragment));
		return pending;
	}

	function prefetchRevocation(did: CanonicalDidUrl, fragment: string, record: OrgRecord): void {
		if (pendingKeys.has(record)) return;
		// The failure is reported to the caller that needs the result.
		checkRevocation(did, fragment, record).catch(() => undefined);
	}

	function fresh(did: string): Entry | undefined {
		const positive = found.get(did);
		if (positive !== undefined && ageOf(positive) < limits.ttlSeconds) return positive;
		const negative = absent.get(did);
		return negative !== undefined && ageOf(negative) < limits.negativeTtlSeconds ? negative : undefined;
	}

	/** Infinite if the clock was set back since the read: an unknown age is too old. */
	function ageOf(entry: Entry): number {
		const age = now() - entry.readAt;
		return age < 0 ? Number.POSITIVE_INFINITY : age;
	}

	function read(did: CanonicalDidUrl): Promise<Entry> {
		if (reads.size >= MAX_CONCURRENT_READS && !reads.has(did.did)) {
			const message = `${MAX_CONCURRENT_READS} organizations are already being read`;
			return Promise.reject(new RegistryError("registry/unreachable", message));
		}
		return share(reads, did.did, async (isCurrent) => {
			const readAt = now();
			const record = await registryOf(did.chainId).read(did.orgId);
			const entry = { record, readAt };
			if (isCurrent()) {
				found.delete(did.did);
				absent.delete(did.did);
				(record === undefined ? absent : found).set(did.did, entry);
			}
			return entry;
		});
	}

	function findMissingKey(did: CanonicalDidUrl, fragment: string, known: CachedRecord): Promise<void> {
		return lookups.run(did.did, fragment, async () => {
			const { record } = known.cache === "hit" ? await read(did) : known;
			const isListed = record?.keys.some((key) => key.fragment === fragment) ?? true;
			if (record !== undefined && !isListed) await checkRevocation(did, fragment, record);
		});
	}
}

/** Runs `work` once for all concurrent callers with the same key; `isCurrent` says if its result may be stored. */
function share<T>(
	running: Map<string, Promise<T>>,
	key: string,
	work: (isCurrent: () => boolean) => Promise<T>,
): Promise<T> {
	const shared = running.get(key);
	if (shared !== undefined) return shared;
	const isCurrent = (): boolean => running.get(key) === promise;
	const promise: Promise<T> = Promise.resolve()
		.then(() => work(isCurrent))
		.finally(() => {
			if (isCurrent()) running.delete(key);
		});
	running.set(key, promise);
	return promise;
}
