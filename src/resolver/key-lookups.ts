/**
 * Lookups of keys that organizations' records don't list. Tokens may name any number of keys, so the lookups of each
 * organization are limited by token buckets: a burst, then one per cooldown. All who wait share the next lookup.
 * @module
 */
import { BoundedCache } from "../caching/bounded-cache.js";
import { RegistryError } from "../errors/errors.js";
import { addSharedWork, isUnsettled } from "../network/shared-work.js";

/** How many lookups of an organization may run without a pause. */
const BURST = 10;

/** How long a token waits for a lookup, in seconds. If it would take longer, the lookup is an outage. */
const MAX_WAIT_SECONDS = 1;

/** No lookup during this time after one failed, in seconds. */
const FAILURE_PAUSE_SECONDS = 2;

interface Bucket {
	/** When all tokens will be available again, in seconds. */
	fullAt: number;
}

interface Lookups<Result> {
	readonly records: Bucket;
	readonly keys: Bucket;
	/** How many lookups of the record have begun. */
	begun: number;
	current?: Promise<Result>;
	/** The next one, which hasn't begun. */
	next?: Promise<Result> | undefined;
}

/** An organization, and the seconds after which another lookup is possible. */
export interface LookupLimit {
	readonly did: string;
	readonly cooldownSeconds: number;
}

/** Both functions throw `registry/unreachable` while lookups are used up: whether the key exists isn't known then. */
export interface KeyLookups<Result> {
	/** Returns the result of a lookup of the record that begins after this call; calls that wait share it. */
	lookUpRecord(limit: LookupLimit, lookUp: () => Promise<Result>): Promise<Result>;
	/** Looks up one key. */
	lookUpKey<Key>(limit: LookupLimit, lookUp: () => Promise<Key>): Promise<Key>;
	delete(did: string): void;
	clear(): void;
}

export function createKeyLookups<Result>(maxEntries: number, now: () => number): KeyLookups<Result> {
	const organizations = new BoundedCache<Lookups<Result>>(maxEntries);
	return {
		lookUpRecord,
		lookUpKey,
		delete: (did) => void organizations.delete(did),
		clear: () => organizations.clear(),
	};

	async function lookUpRecord(limit: LookupLimit, lookUp: () => Promise<Result>): Promise<Result> {
		const lookups = lookupsOf(limit.did);
		const { begun } = lookups;
		if (!isPending(lookups.next)) await pause(waitOf(lookups.records, limit));
		if (lookups.begun > begun && lookups.current !== undefined) return lookups.current;
		if (isPending(lookups.next)) return lookups.next;
		const next = beginNext(lookups, limit, lookUp);
		lookups.next = addSharedWork(next);
		return next;
	}

	async function beginNext(
		lookups: Lookups<Result>,
		{ cooldownSeconds }: LookupLimit,
		lookUp: () => Promise<Result>,
	): Promise<Result> {
		take(lookups.records, cooldownSeconds);
		if (isPending(lookups.current)) await lookups.current.catch(() => undefined);
		else await undefined;
		lookups.next = undefined;
		lookups.begun += 1;
		lookups.current = addSharedWork(lookUp());
		try {
			return await lookups.current;
		} catch (error) {
			const pause = Math.max(cooldownSeconds, FAILURE_PAUSE_SECONDS);
			lookups.records.fullAt = now() + (BURST - 1) * cooldownSeconds + pause;
			throw error;
		}
	}

	async function lookUpKey<Key>(limit: LookupLimit, lookUp: () => Promise<Key>): Promise<Key> {
		const { keys } = lookupsOf(limit.did);
		const wait = waitOf(keys, limit);
		take(keys, limit.cooldownSeconds);
		await pause(wait);
		return lookUp();
	}

	function lookupsOf(did: string): Lookups<Result> {
		const known = organizations.get(did);
		if (known !== undefined) return known;
		const lookups = { records: { fullAt: now() }, keys: { fullAt: now() }, begun: 0 };
		organizations.set(did, lookups);
		return lookups;
	}

	/** Seconds until a token is available; throws if it takes too long to wait for it. */
	function waitOf(bucket: Bucket, { did, cooldownSeconds }: LookupLimit): number {
		const isClockSetBack = bucket.fullAt - now() > BURST * cooldownSeconds + FAILURE_PAUSE_SECONDS;
		if (isClockSetBack) bucket.fullAt = now();
		const wait = bucket.fullAt - now() - (BURST - 1) * cooldownSeconds;
		if (wait <= MAX_WAIT_SECONDS) return Math.max(wait, 0);
		const retryAfterSeconds = Math.ceil(wait);
		const message = `too many lookups of unknown keys of ${did}: the next one is possible in ${retryAfterSeconds} s`;
		throw new RegistryError("registry/unreachable", message, { details: { retryAfterSeconds } });
	}

	function take(bucket: Bucket, cooldownSeconds: number): void {
		bucket.fullAt = Math.max(bucket.fullAt, now()) + cooldownSeconds;
	}
}

/** Work that a runtime has dropped isn't pending for ever. */
function isPending<T>(work: Promise<T> | undefined): work is Promise<T> {
	return work !== undefined && isUnsettled(work);
}

/** Each call has its own timer: runtimes such as Cloudflare Workers end timers with the request that set them. */
async function pause(seconds: number): Promise<void> {
	if (seconds > 0) await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
}
