/**
 * Reads of organizations, one at a time for each. Tokens may name any number of organizations and keys, so the reads
 * that anyone can cause are limited, and those of organizations that are known never fail because of them.
 * @module
 */
import { RegistryError } from "../errors/errors.js";
import { createSharedWork } from "../network/shared-work.js";

/** How many reads of one group may be in progress. */
const MAX_CONCURRENT_READS = 1_000;

/** A read is attempted three times, with and without a block number, at most five seconds each. */
const LONGEST_READ_MS = 30_000;

/** The groups of limited reads. */
export type ReadGroup = "reads of unknown organizations" | "lookups of unlisted keys";

export interface LimitedReads<T> {
	/**
	 * Runs a read once for all concurrent callers; `isCurrent` says whether its result may be stored. Rejects with
	 * `registry/unreachable` if there are too many of its group.
	 */
	run(did: string, group: ReadGroup | undefined, read: (isCurrent: () => boolean) => Promise<T>): Promise<T>;
	/** Whether a read of the organization is in progress. */
	has(did: string): boolean;
	/** Later callers don't join the read in progress. */
	delete(did: string): void;
	clear(): void;
}

export function createLimitedReads<T>(): LimitedReads<T> {
	const all = createSharedWork<T>(LONGEST_READ_MS);
	const groups = {
		"reads of unknown organizations": createSharedWork<T>(LONGEST_READ_MS),
		"lookups of unlisted keys": createSharedWork<T>(LONGEST_READ_MS),
	} as const;
	const everything = [all, ...Object.values(groups)];

	return {
		run,
		has: (did) => everything.some((work) => work.has(did)),
		delete: (did) => everything.forEach((work) => void work.delete(did)),
		clear: () => everything.forEach((work) => void work.clear()),
	};

	function run(did: string, group: ReadGroup | undefined, read: (isCurrent: () => boolean) => Promise<T>): Promise<T> {
		if (group === undefined || all.has(did)) return all.run(did, read);
		const running = groups[group];
		if (running.has(did) || running.count() < MAX_CONCURRENT_READS) return running.run(did, () => all.run(did, read));
		const message = `${MAX_CONCURRENT_READS} ${group} are already in progress`;
		return Promise.reject(new RegistryError("registry/unreachable", message));
	}
}
