/**
 * The registry's answers, remembered for a while: bounded, one read at a time for each organization, and
 * what is invalidated while a read is under way stays invalidated.
 *
 * The bound is lru-cache's. Flights and ages are kept here, because lru-cache's own `fetch` can store the
 * result of a read that began before the entry was deleted, which would bring a revoked key back.
 * @module
 */
import { LRUCache } from "lru-cache";
import type { CanonicalDidUrl } from "../did/did-url.js";
import { RegistryError } from "../errors/errors.js";
import type { OnChainKey, OrgRecord } from "../registry/org-record.js";
import type { Registry } from "../registry/registry.js";

/** Strangers can name any number of organizations; beyond these, reads are refused as `registry/unreachable`. */
const MAX_CONCURRENT_READS = 1_000;

/** Strangers decide how long their records are, too: all that are kept, as JSON. */
const MAX_KEPT_CHARACTERS = 2 ** 26;

/** How long answers are kept; all times in seconds. */
export interface CacheLimits {
	readonly ttlSeconds: number;
	readonly negativeTtlSeconds: number;
	readonly refreshCooldownSeconds: number;
	readonly maxEntries: number;
}

/** What is known of one organization. */
export interface CachedRecord {
	/** Its state, or undefined where the registry has no such organization. */
	readonly record: OrgRecord | undefined;
	/** False where it was read just now. */
	readonly wasRemembered: boolean;
}

interface Entry {
	readonly record: OrgRecord | undefined;
	readonly readAt: number;
}

/** Fragments an organization's record doesn't list, looked up at most once per cooldown. */
interface LookUps {
	readonly at: number;
	readonly revoked: ReadonlyMap<string, OnChainKey>;
	/** Why the last look-up failed, where it did; thrown again until the cooldown is over. */
	readonly failure?: unknown;
}

/** Looks organizations up, from memory where it can. */
export interface RecordCache {
	/** Reads the organization. */
	get(did: CanonicalDidUrl): Promise<CachedRecord>;
	/**
	 * Looks again for a key that nothing known of the organization lists: at most once per cooldown, and without
	 * reading a record anew that was read just now.
	 */
	findMissingKey(did: CanonicalDidUrl, fragment: string, known: CachedRecord): Promise<void>;
	/** Finds out whether the name of a key that a record doesn't list was ever used on chain: once per record. */
	checkRevocation(did: CanonicalDidUrl, fragment: string, record: OrgRecord): Promise<void>;
	/**
	 * Begins {@link RecordCache.checkRevocation} before it is sure to be wanted, so that it goes out with those of other
	 * organizations: for one name of a record, as strangers name any number.
	 */
	prefetchRevocation(did: CanonicalDidUrl, fragment: string, record: OrgRecord): void;
	/** The key, where a look-up found it revoked. A revocation is for ever, whatever a node that lags behind says. */
	revokedKey(did: CanonicalDidUrl, fragment: string): OnChainKey | undefined;
	/** All that look-ups found revoked, by name; the same object until there is one more. */
	revokedKeys(did: string): ReadonlyMap<string, OnChainKey> | undefined;
	/** Forgets the organization, also what a read now under way will answer. */
	invalidate(did: string): void;
	/** Forgets everything. */
	clear(): void;
}

/** Makes a cache over registries. */
export function createRecordCache(
	registryOf: (chainId: number) => Registry,
	limits: CacheLimits,
	now: () => number,
): RecordCache {
	const found = new LRUCache<string, Entry>({
		max: limits.maxEntries,
		maxSize: MAX_KEPT_CHARACTERS,
		sizeCalculation: ({ record }) => JSON.stringify(record).length,
	});
	const absent = new LRUCache<string, Entry>({ max: limits.maxEntries });
	const lookUps = new LRUCache<string, LookUps>({ max: limits.maxEntries });
	const reads = new Map<string, Promise<Entry>>();
	const lookUpsUnderWay = new Map<string, Promise<void>>();

	const used = new WeakMap<OrgRecord, Map<string, Promise<OnChainKey | undefined>>>();

	return {
		get,
		findMissingKey,
		checkRevocation,
		prefetchRevocation,
		revokedKey: ({ did }, fragment) => lookUps.get(did)?.revoked.get(fragment),
		revokedKeys: (did) => lookUps.get(did)?.revoked,
		invalidate,
		clear,
	};

	async function get(did: CanonicalDidUrl): Promise<CachedRecord> {
		const known = fresh(did.did);
		const { record } = known ?? (await read(did));
		return { record, wasRemembered: known !== undefined };
	}

	async function checkRevocation(did: CanonicalDidUrl, fragment: string, record: OrgRecord): Promise<void> {
		const key = await readUsed(did, fragment, record);
		if (key !== undefined && key.revokedAt !== 0) remember(did.did, fragment, key);
	}

	function readUsed(
		did: CanonicalDidUrl,
		fragment: string,
		record: OrgRecord,
	): Promise<OnChainKey | undefined> {
		const names = used.get(record) ?? new Map<string, Promise<OnChainKey | undefined>>();
		used.set(record, names);
		const asked = names.get(fragment) ?? registryOf(did.chainId).readKey(did.orgId, fragment);
		names.set(fragment, asked);
		asked.catch(() => names.delete(fragment));
		return asked;
	}

	function prefetchRevocation(did: CanonicalDidUrl, fragment: string, record: OrgRecord): void {
		if (used.has(record)) return;
		// A failure is for whoever turns out to need the answer.
		checkRevocation(did, fragment, record).catch(() => undefined);
	}

	function remember(did: string, fragment: string, key: OnChainKey): void {
		const { at = Number.NEGATIVE_INFINITY, revoked } = lookUps.get(did) ?? {};
		lookUps.set(did, { at, revoked: new Map([...(revoked ?? []), [fragment, key]]) });
	}

	function fresh(did: string): Entry | undefined {
		const positive = found.get(did);
		if (positive !== undefined && ageOf(positive) < limits.ttlSeconds) return positive;
		const negative = absent.get(did);
		return negative !== undefined && ageOf(negative) < limits.negativeTtlSeconds ? negative : undefined;
	}

	/** Infinite where the clock went back behind the reading: an age that can't be told is too old. */
	function ageOf(entry: Entry): number {
		const age = now() - entry.readAt;
		return age < 0 ? Number.POSITIVE_INFINITY : age;
	}

	function read(did: CanonicalDidUrl): Promise<Entry> {
		if (reads.size >= MAX_CONCURRENT_READS && !reads.has(did.did)) {
			const message = `${MAX_CONCURRENT_READS} organizations are being looked up already`;
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
		return share(lookUpsUnderWay, did.did, async (isCurrent) => {
			const before = lookUps.get(did.did);
			if (before !== undefined && Math.abs(now() - before.at) < limits.refreshCooldownSeconds) {
				if (before.failure !== undefined) throw before.failure;
				return;
			}
			try {
				const key = await readMissingKey(did, fragment, known);
				if (!isCurrent()) return;
				lookUps.set(did.did, { at: now(), revoked: lookUps.get(did.did)?.revoked ?? new Map() });
				if (key !== undefined && key.revokedAt !== 0) remember(did.did, fragment, key);
			} catch (failure) {
				const revoked = lookUps.get(did.did)?.revoked ?? new Map();
				if (isCurrent()) lookUps.set(did.did, { at: now(), revoked, failure });
				throw failure;
			}
		});
	}

	/** The key, where it is not among those that a newer reading of the record lists. */
	async function readMissingKey(
		did: CanonicalDidUrl,
		fragment: string,
		known: CachedRecord,
	): Promise<OnChainKey | undefined> {
		const { record } = known.wasRemembered ? await read(did) : known;
		if (record === undefined || hasKey(record, fragment)) return undefined;
		return readUsed(did, fragment, record);
	}

	function invalidate(did: string): void {
		for (const cache of [found, absent, lookUps, reads, lookUpsUnderWay]) cache.delete(did);
	}

	function clear(): void {
		for (const cache of [found, absent, lookUps, reads, lookUpsUnderWay]) cache.clear();
	}
}

/** Runs `work` once for all who ask for the same key meanwhile; it learns whether it still counts. */
function share<T>(
	underWay: Map<string, Promise<T>>,
	key: string,
	work: (isCurrent: () => boolean) => Promise<T>,
): Promise<T> {
	const running = underWay.get(key);
	if (running !== undefined) return running;
	const isCurrent = (): boolean => underWay.get(key) === promise;
	const promise: Promise<T> = Promise.resolve()
		.then(() => work(isCurrent))
		.finally(() => {
			if (isCurrent()) underWay.delete(key);
		});
	underWay.set(key, promise);
	return promise;
}

function hasKey(record: OrgRecord, fragment: string): boolean {
	return record.keys.some((key) => key.fragment === fragment);
}
