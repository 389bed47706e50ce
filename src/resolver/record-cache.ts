/**
 * A bounded cache of the registry's records, with one read per organization at a time. An entry invalidated during a
 * read stays invalidated: its result may be older than the change, and would bring back a revoked key.
 * @module
 */
import { type CanonicalDidUrl, formatDidUrl } from "../did/did-url.js";
import { RegistryError } from "../errors/errors.js";
import { isOutage } from "../errors/outage-codes.js";
import type { CacheUse } from "../observe/observer.js";
import { isSameState, type OnChainKey, type OrgRecord } from "../registry/org-record.js";
import type { RegistryReader, StateReadOptions } from "../registry/registry.js";
import { disproves, readRecent } from "./invented-block.js";
import { createKeyLookups, type KeyLookups, type LookupLimit } from "./key-lookups.js";
import { createLimitedReads, type ReadGroup } from "./limited-reads.js";
import {
	type CacheLimits,
	createRecordEntries,
	type Entry,
	isUnchanged,
	type KnownState,
	type RecordWatch,
	type ReorganizedBlocks,
} from "./record-entries.js";
import { createRevocationChecks } from "./revocation-checks.js";
import { createSeenFacts } from "./seen-facts.js";
import { announcing } from "./sharing/announced-facts.js";
import type { SharedRecord, SharedRecords } from "./sharing/shared-records.js";

/** How often an organization is read at most for one caller if later blocks are seen meanwhile. */
const MAX_ATTEMPTS = 5;

/** A document without a hash is fetched again to look for a key, so its host limits how often. */
const DOCUMENT_COOLDOWN_SECONDS = 10;

/** An organization's record, undefined if the registry has no such organization. */
export interface CachedRecord {
	readonly record: OrgRecord | undefined;
	readonly cache: CacheUse;
}

/** What a cache uses besides the registries. */
export interface RecordCacheHelpers {
	readonly watch?: RecordWatch | undefined;
	readonly shared?: SharedRecords | undefined;
	/** The time in seconds since the epoch, to compare with that of blocks. */
	readonly wallNow?: (() => number) | undefined;
}

/** Reads organizations, from the cache if possible. */
export interface RecordCache {
	get(did: CanonicalDidUrl): Promise<CachedRecord>;
	/** Whether the organization is in the cache, or being read. */
	has(did: string): boolean;
	/** The record that `get` would return without waiting for a read, unless it has expired. */
	peek(did: string): OrgRecord | undefined;
	/** Whether `get` would still return this record without waiting for a read. */
	isCurrent(record: OrgRecord): boolean;
	/** Whether the record is used although it has expired, because its node is down. */
	isStale(record: OrgRecord): boolean;
	/** Whether a later state of the organization was seen or announced while this record was in use. */
	isOutdated(record: OrgRecord): boolean;
	/** For a key that isn't listed: reads the record again, then checks for a revocation. See {@link KeyLookups}. */
	findMissingKey(did: CanonicalDidUrl, fragment: string, known: CachedRecord): Promise<void>;
	/** Checks, once per record and name, whether a key that the record doesn't list was revoked on chain. */
	checkRevocation(did: CanonicalDidUrl, fragment: string, record: OrgRecord): Promise<unknown>;
	/** Whether `checkRevocation` has ended for this name, and found no revoked key. */
	isUnrevoked(fragment: string, record: OrgRecord): boolean;
	/** Starts `checkRevocation` early, to batch it; only for a record's first name, as tokens may name any number. */
	prefetchRevocation(did: CanonicalDidUrl, fragment: string, record: OrgRecord): void;
	/** The key, if a lookup found that it was revoked. A revocation is permanent, even if a lagging node disagrees. */
	revokedKey(did: CanonicalDidUrl, fragment: string): OnChainKey | undefined;
	/** All keys that lookups found to be revoked, by name; the same object until another one is found. */
	revokedKeys(did: string): ReadonlyMap<string, OnChainKey> | undefined;
	/** Removes an organization, in all instances, and the result of a read in progress; refuses earlier states from now on. */
	invalidate(did: string, minBlock?: number): void;
	/** Removes all organizations (in all instances), or those of one chain; what was seen of them stays known. */
	invalidateAll(chainId?: number): void;
	/** What a copy of the cache begins with. */
	copyOf(did: string): KnownState;
	restore(did: string, state: KnownState): void;
	/** After a reorganization: later blocks than the last one of the chain aren't expected any more. */
	rewind(chainId: number, blocks: ReorganizedBlocks): void;
	/** Removes everything, including what was seen. */
	clear(): void;
}

export function createRecordCache(
	registryOf: (chainId: number) => RegistryReader,
	limits: CacheLimits,
	now: () => number,
	{ watch, shared, wallNow = now }: RecordCacheHelpers = {},
): RecordCache {
	const entries = createRecordEntries(limits, now, watch);
	const seen = createSeenFacts(limits.maxEntries);
	const lookups: KeyLookups<CachedRecord["record"]> = createKeyLookups(limits.maxEntries, now);
	const reads = createLimitedReads<Entry>();
	const revocations = createRevocationChecks(announcing(seen, shared), readKey);
	const caches = [entries, lookups, reads];
	shared?.listen({ onChanged, onRevoked, onReset: () => dropAll() });
	return {
		get,
		has: (did) => entries.last(did) !== undefined || reads.has(did),
		peek,
		isCurrent: entries.isCurrent,
		isStale: ({ did }) => entries.usable(did)?.failedAt !== undefined,
		isOutdated: (record) => !entries.isCurrent(record) && record.blockNumber < seen.minBlock(record.did),
		findMissingKey,
		checkRevocation: revocations.check,
		isUnrevoked: revocations.isUnrevoked,
		prefetchRevocation: revocations.prefetch,
		revokedKey: ({ did }, fragment) => seen.revokedKeys(did)?.get(fragment),
		revokedKeys: (did) => seen.revokedKeys(did),
		invalidate,
		invalidateAll,
		copyOf,
		restore,
		rewind: (chainId, blocks) => [seen, entries].forEach((known) => void known.rewind(chainId, blocks)),
		clear: () => [...caches, seen].forEach((cache) => void cache.clear()),
	};

	function invalidate(did: string, minBlock?: number): void {
		drop(did, minBlock);
		// Others may not have seen what this instance has.
		shared?.invalidate(did, minBlock);
	}

	function invalidateAll(chainId?: number): void {
		dropAll(chainId);
		// Each instance follows the logs itself.
		if (chainId === undefined) shared?.announceAll();
	}

	function copyOf(did: string): KnownState {
		const entry = entries.usable(did) ?? entries.stale(did);
		return { entry, minBlock: seen.minBlock(did), revokedKeys: seen.revokedKeys(did) };
	}

	function restore(did: string, { entry, minBlock, revokedKeys }: KnownState): void {
		seen.restore(did, minBlock, revokedKeys);
		if (entry !== undefined) entries.set(did, { ...entry });
	}

	function onChanged(did: string, minBlock: number | undefined): void {
		if (!minBlock || minBlock > seen.minBlock(did)) drop(did, minBlock);
	}

	function onRevoked(did: string, key: OnChainKey): void {
		if (seen.revokedKeys(did)?.has(key.fragment) === true) return;
		seen.addRevokedKey(did, key);
		drop(did);
	}

	function drop(did: string, minBlock = 0): void {
		seen.addBlock(did, minBlock);
		for (const cache of caches) cache.delete(did);
		if (minBlock === 0) shared?.drop(did);
	}

	function dropAll(chainId?: number): void {
		shared?.dropAll();
		entries.deleteAll(chainId);
		reads.clear();
		if (chainId === undefined) lookups.clear();
	}

	async function get(did: CanonicalDidUrl): Promise<CachedRecord> {
		const known = entries.usable(did.did);
		if (known !== undefined) {
			const { record, failedAt } = known;
			if (failedAt === undefined) return { record, cache: "hit" };
			if (Math.abs(now() - failedAt) >= limits.negativeTtlSeconds) retry(did, known);
			return { record, cache: "stale" };
		}
		const cache = reads.has(did.did) ? "shared" : "miss";
		try {
			const { record, isShared } = await read(did);
			return { record, cache: isShared ? "store" : cache };
		} catch (error) {
			const entry = entries.stale(did.did);
			if (entry === undefined || !isOutage(error)) throw error;
			entry.failedAt = now();
			return { record: entry.record, cache: "stale" };
		}
	}

	function peek(did: string): OrgRecord | undefined {
		const entry = entries.fresh(did);
		return entry?.failedAt === undefined ? entry?.record : undefined;
	}

	/** Nothing waits for this read: the organization is known, and its node was down a moment ago. */
	function retry(did: CanonicalDidUrl, entry: Entry): void {
		entry.failedAt = now();
		read(did).catch(() => undefined);
	}

	function read(did: CanonicalDidUrl, group?: ReadGroup): Promise<Entry> {
		const isUnknown = seen.minBlock(did.did) === 0;
		const limitedAs = group ?? (isUnknown ? "reads of unknown organizations" : undefined);
		return reads.run(did.did, limitedAs, (isCurrent) => readNow(did, isCurrent, group !== undefined));
	}

	/** A lookup has to be new, but its result is shared, too. */
	async function readNow(did: CanonicalDidUrl, isCurrent: () => boolean, isLookup: boolean): Promise<Entry> {
		const other = isLookup ? undefined : await shared?.find(did, (candidate) => isUsable(did.did, candidate));
		if (other !== undefined) return keep(did.did, other, true, isCurrent);
		const before = entries.last(did.did);
		try {
			const readAt = now();
			const record = await readRecord(did);
			const entry = keep(did.did, { record, readAt }, false, isCurrent);
			if (isCurrent()) shared?.offer(did, { record, readAt });
			const isChanged = before !== undefined && record !== undefined && !isSameState(before, record);
			if (isChanged) shared?.announce(did.did, record.blockNumber);
			return entry;
		} finally {
			shared?.fail(did);
		}
	}

	/** Whether another instance's record may be used instead of a read. */
	function isUsable(did: string, { record, readAt }: SharedRecord): boolean {
		const age = entries.ageOf({ record, readAt, isCovered: false });
		if (record === undefined) return age < limits.negativeTtlSeconds && seen.minBlock(did) === 0;
		return age < limits.ttlSeconds && record.blockNumber >= seen.minBlock(did);
	}

	function keep(
		requested: string,
		{ record, readAt }: SharedRecord,
		isShared: boolean,
		isCurrent: () => boolean,
	): Entry {
		// The record's own string, so that its characters are kept only once.
		const did = record?.did === requested ? record.did : requested;
		// Anyone who can write to the store could name a block that no node ever reaches.
		const isReliable = record !== undefined && (!isShared || shared?.isAuthentic === true);
		if (isReliable) seen.addBlock(did, record.blockNumber);
		const entry = { record, readAt, isShared, isCovered: isReliable && watch?.covers(record, readAt) === true };
		if (!isCurrent()) {
			if (isReliable) entries.deleteEarlier(record);
			return entry;
		}
		const known = entries.fresh(did);
		if (known?.record !== undefined && record !== undefined && isUnchanged(known.record, record)) return known;
		entries.set(did, entry);
		return entry;
	}

	/** Reads again if a later block is seen meanwhile. */
	async function readRecord({ did, chainId, orgId }: CanonicalDidUrl): Promise<OrgRecord | undefined> {
		const registry = registryOf(chainId);
		for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
			const minBlock = seen.minBlock(did);
			const record = await registry.read(orgId, sinceSeen(did)).catch(async (error: unknown) => {
				const recent = await readRecent(error, registry, orgId, wallNow());
				if (!disproves(recent, seen.minBlock(did))) throw error;
				seen.resetBlock(did, recent.blockNumber);
				return recent;
			});
			if (seen.minBlock(did) <= (record?.blockNumber ?? minBlock)) return record;
		}
		const message = `every state of ${did} that the node returned is older than one seen before`;
		throw new RegistryError("registry/outdated", message);
	}

	function readKey({ did, chainId, orgId }: CanonicalDidUrl, fragment: string): Promise<OnChainKey | undefined> {
		return registryOf(chainId).readKey(orgId, fragment, sinceSeen(did));
	}

	function sinceSeen(did: string): StateReadOptions {
		const minBlock = seen.minBlock(did);
		return minBlock === 0 ? {} : { minBlock };
	}

	async function findMissingKey(did: CanonicalDidUrl, fragment: string, known: CachedRecord): Promise<void> {
		const limit = limitOf(did.did, known);
		const record = known.cache === "miss" ? known.record : await lookups.lookUpRecord(limit, () => readAgain(did));
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
