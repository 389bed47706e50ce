/**
 * A store of used tokens in memory.
 * @module
 */
import * as v from "valibot";
import { ReplayError } from "../../errors/errors.js";
import { assertOptions } from "../../options/assert-options.js";
import { optionsSchema, wholeNumber } from "../../options/schemas.js";
import { ExpiryQueue } from "./expiry-queue.js";
import type { ReplayStore } from "./replay-store.js";

/** Options of {@link createMemoryReplayStore}. */
export interface MemoryReplayStoreOptions {
	/** How many tokens are remembered at most; 100,000 by default. Each takes about 150 bytes. */
	readonly maxEntries?: number | undefined;
}

const DEFAULT_MAX_ENTRIES = 100_000;
/** More than are added, so that expired keys become fewer, and so few that no call takes long. */
const REMOVED_PER_CALL = 2;

/** The most that a `Set` holds. */
const MOST_ENTRIES = 2 ** 24;
const ENTRIES = `a whole number from 1 to ${MOST_ENTRIES}`;

const schema = optionsSchema<MemoryReplayStoreOptions>({
	maxEntries: v.optional(v.pipe(wholeNumber(ENTRIES), v.minValue(1, ENTRIES), v.maxValue(MOST_ENTRIES, ENTRIES))),
});

/**
 * Creates a store of used tokens for one process, which forgets them when it ends. It never forgets a token that may
 * still be valid: when it is full, new tokens are refused with `replay/unavailable` (503) until others expire.
 *
 * @example
 * ```ts
 * import { createMemoryReplayStore, createVerifier, orgid } from "orgpass";
 * import { startTestNetwork } from "orgpass/testing";
 *
 * const network = await startTestNetwork();
 * const [airline, hotel] = network.organizations;
 * const verifier = createVerifier({
 *   profiles: [orgid({ audience: hotel.did, resolver: network.resolver })],
 *   replay: createMemoryReplayStore({ maxEntries: 10_000 }),
 *   now: network.now,
 * });
 * const token = await airline.minter({ audience: hotel.did }).mint();
 * (await verifier.verify(token)).issuer === airline.did; // => true
 * await verifier.verify(token).catch((error) => error.code); // => "replay/seen"
 * await network.close();
 * ```
 * @param options the number of tokens to remember
 * @returns the store, for the option `replay` of `createVerifier` or of a route
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 */
export function createMemoryReplayStore(options: MemoryReplayStoreOptions = {}): ReplayStore {
	assertOptions(schema, options, "createMemoryReplayStore");
	const { maxEntries = DEFAULT_MAX_ENTRIES } = options;
	const known = new Set<string>();
	const queue = new ExpiryQueue();
	/** Keys that expire until then may have been forgotten. */
	let forgottenUntil = Number.NEGATIVE_INFINITY;

	return Object.freeze({ spend, peek: async (...use: Parameters<typeof isUnspent>) => isUnspent(...use) });

	async function spend(key: string, expiresAt: number, now: number): Promise<boolean> {
		if (!isUnspent(key, expiresAt, now)) return false;
		known.add(key);
		queue.add(key, expiresAt);
		return true;
	}

	function isUnspent(key: string, expiresAt: number, now: number): boolean {
		removeExpired(now);
		if (known.has(key)) return false;
		if (!(expiresAt > forgottenUntil)) throw unavailable("the clock was set back: the token may have been used before");
		if (known.size >= maxEntries) throw unavailable(`the store is full: it remembers ${maxEntries} tokens`);
		return true;
	}

	function removeExpired(now: number): void {
		for (let count = 0; count < REMOVED_PER_CALL && queue.firstExpiry <= now; count += 1) {
			forgottenUntil = Math.max(forgottenUntil, queue.firstExpiry);
			known.delete(queue.removeFirst() as string);
		}
	}
}

function unavailable(message: string): ReplayError {
	return new ReplayError("replay/unavailable", message);
}
