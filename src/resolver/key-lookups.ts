/**
 * Lookups of keys that organizations' records don't list. Tokens may name any number of keys, so the lookups of each
 * organization are limited by a token bucket: a burst, then one per cooldown. A result is reused for a cooldown.
 * @module
 */
import { RegistryError } from "../errors/errors.js";
import { BoundedCache } from "./bounded-cache.js";

/** How many lookups of an organization may run without a pause. */
const BURST = 10;

interface Lookup {
	readonly done: Promise<void>;
	endedAt?: number;
}

interface Bucket {
	/** When the whole burst will be available again, in seconds. */
	fullAt: number;
	readonly lookups: Map<string, Lookup>;
}

export interface KeyLookups {
	/**
	 * Runs `lookUp`, unless the fragment was looked up within the cooldown or is being looked up. Throws
	 * `registry/unreachable` while the organization's lookups are used up, because it isn't known whether the key exists.
	 */
	run(did: string, fragment: string, lookUp: () => Promise<void>): Promise<void>;
	delete(did: string): void;
	clear(): void;
}

export function createKeyLookups(cooldownSeconds: number, maxEntries: number, now: () => number): KeyLookups {
	const buckets = new BoundedCache<Bucket>(maxEntries);
	return { run, delete: (did) => void buckets.delete(did), clear: () => buckets.clear() };

	async function run(did: string, fragment: string, lookUp: () => Promise<void>): Promise<void> {
		const bucket = buckets.get(did) ?? { fullAt: now(), lookups: new Map() };
		buckets.set(did, bucket);
		for (const [name, lookup] of bucket.lookups) if (isOver(lookup)) bucket.lookups.delete(name);
		const known = bucket.lookups.get(fragment);
		if (known !== undefined) return known.done;
		take(bucket, did);
		const lookup: Lookup = { done: lookUp() };
		bucket.lookups.set(fragment, lookup);
		try {
			await lookup.done;
		} catch (error) {
			// During an outage, there is no burst.
			bucket.fullAt = now() + BURST * cooldownSeconds;
			throw error;
		} finally {
			lookup.endedAt = now();
		}
	}

	function isOver({ endedAt }: Lookup): boolean {
		return endedAt !== undefined && Math.abs(now() - endedAt) >= cooldownSeconds;
	}

	function take(bucket: Bucket, did: string): void {
		const burstSeconds = BURST * cooldownSeconds;
		const isClockSetBack = bucket.fullAt - now() > burstSeconds;
		const fullAt = (isClockSetBack ? now() : Math.max(bucket.fullAt, now())) + cooldownSeconds;
		const wait = fullAt - burstSeconds - now();
		if (wait > 0) {
			const retryAfterSeconds = Math.ceil(wait);
			const message = `too many lookups of unknown keys of ${did}: the next one is possible in ${retryAfterSeconds} s`;
			throw new RegistryError("registry/unreachable", message, { details: { retryAfterSeconds } });
		}
		bucket.fullAt = fullAt;
	}
}
