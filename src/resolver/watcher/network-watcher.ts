/**
 * Follows the log of one network's registry, and drops what changed from the cache.
 * @module
 */
import { type CanonicalDidUrl, formatDidUrl } from "../../did/did-url.js";
import { isOrgpassError, type OrgpassError } from "../../errors/errors.js";
import { type Facts, observe } from "../../observe/observe.js";
import type { Observer } from "../../observe/observer.js";
import { badResponse } from "../../registry/call-error.js";
import { createEarlyPolls } from "../../registry/log/early-polls.js";
import type { LogUpdate } from "../../registry/log/log-follower.js";
import { createPollTimer } from "../../registry/log/poll-timer.js";
import type { LogEntry } from "../../registry/log/registry-event.js";
import type { OrgRecord } from "../../registry/org-record.js";
import type { RegistryReader } from "../../registry/registry.js";
import type { RecordCache } from "../record-cache.js";
import { backoffMs, createPollTimeout } from "./polling.js";

/** What a resolver knows of a network's log. */
export interface WatchStatus {
	/** EIP-155 chain id. */
	readonly chainId: number;
	/** Whether all changes up to about three polls ago are known. */
	readonly isUpToDate: boolean;
	/** The last block up to which the log is known for sure; absent before the first poll. */
	readonly blockNumber?: number;
	/** How many blocks are known to follow it. */
	readonly behindBlocks?: number;
	/** Seconds since the log was last known up to the latest block. */
	readonly behindSeconds?: number;
	/** How changes are noticed: `websocket` while the node announces them, besides polling. Absent if nothing is watched. */
	readonly via?: "polling" | "websocket";
	/** Why the last poll failed: a code `registry/*`, and a message that names the node's host but no credentials. */
	readonly error?: Pick<OrgpassError, "code" | "message">;
}

export interface NetworkWatcherOptions {
	readonly registry: RegistryReader;
	readonly cache: Pick<RecordCache, "get" | "has" | "invalidate" | "invalidateAll" | "rewind">;
	readonly pollingSeconds: number;
	readonly observer: Observer | undefined;
	/** In seconds. */
	readonly now: () => number;
}

export interface NetworkWatcher {
	/** Whether every change will be seen of a record whose read began at `readAt` and has just ended. */
	covers(record: OrgRecord, readAt: number): boolean;
	/** When the log was last known up to the latest block. */
	confirmedAt(): number | undefined;
	status(): WatchStatus;
	close(): void;
}

/** A longer log isn't read: by then, nothing is cached any more. */
const MAX_BACKLOG = 10_000;

/** A network counts as up to date if no more polls than these have failed; for very short intervals, a second. */
const MISSED_POLLS = 3;
const MIN_BEHIND_SECONDS = 1;

/** Starts to follow the log. */
export function createNetworkWatcher(options: NetworkWatcherOptions): NetworkWatcher {
	const { registry, cache, pollingSeconds, observer, now } = options;
	const { chainId } = registry;
	const follower = registry.followLog({ maxBacklog: MAX_BACKLOG });
	const timer = createPollTimer({ isInBackground: true });
	const timeout = createPollTimeout(pollingSeconds);
	let isFullyLogged = false;
	let isClosed = false;
	let last: LogUpdate | undefined;
	/** The highest block of a record: proof that the node's latest block isn't the latest. */
	let recordBlock = 0;
	let confirmedAt: number | undefined;
	/** When the log was first read, or read again after a gap. */
	let followedSince = Infinity;
	/** When a poll showed that the chain was reorganized, or may have been. */
	let reorganizedAt = -Infinity;
	let error: OrgpassError | undefined;
	let failures = 0;
	let isLive = false;
	const early = createEarlyPolls(timer, pollingSeconds);
	const disconnect = follower.listen({
		...early,
		onChange(live) {
			isLive = live && !isClosed;
			early.onChange(live);
		},
	});
	void run();

	return { covers, confirmedAt: () => confirmedAt, status, close };

	/** What was read before the log, also by another instance, or before a reorganization may be of a branch without a log. */
	function covers({ orgId, blockNumber }: OrgRecord, readAt: number): boolean {
		recordBlock = Math.max(recordBlock, blockNumber);
		const isFollowed = readAt >= followedSince && readAt > reorganizedAt;
		return isFullyLogged && isFollowed && follower.isUnchanged(orgId, blockNumber);
	}

	function lag(): Pick<WatchStatus, "blockNumber" | "behindBlocks" | "behindSeconds"> {
		return {
			...(last && { blockNumber: last.covered, behindBlocks: Math.max(last.head, recordBlock) - last.covered }),
			...(confirmedAt !== undefined && { behindSeconds: Math.max(now() - confirmedAt, 0) }),
		};
	}

	function status(): WatchStatus {
		const { behindSeconds = Infinity } = lag();
		const isUpToDate = behindSeconds <= Math.max(MISSED_POLLS * pollingSeconds, MIN_BEHIND_SECONDS);
		const failure = error && { error: Object.freeze({ code: error.code, message: error.message }) };
		return Object.freeze({ chainId, isUpToDate, ...lag(), via: isLive ? "websocket" : "polling", ...failure });
	}

	function close(): void {
		isClosed = true;
		isLive = false;
		confirmedAt = undefined;
		disconnect?.();
		timer.hasten(0);
	}

	async function run(): Promise<void> {
		while (!isClosed) {
			const startedAtMs = performance.now();
			early.begin();
			const waitMs = await attemptPoll();
			if (!isClosed) await timer.wait(startedAtMs + waitMs - performance.now());
		}
	}

	/** Polls once; returns the time from the start of this poll to that of the next one. */
	async function attemptPoll(): Promise<number> {
		try {
			const { hasMore } = await (observer === undefined
				? poll()
				: observe(observer, { operation: "watch", chainId }, poll));
			error = undefined;
			failures = 0;
			return hasMore ? 0 : pollingSeconds * 1_000;
		} catch (cause) {
			error = isOrgpassError(cause) ? cause : badResponse(cause);
			failures += 1;
			return backoffMs(pollingSeconds, failures, error);
		}
	}

	async function poll(facts: Facts<"watch"> = {}): Promise<LogUpdate> {
		try {
			const { isFullyLogged: isLogged = false } = await registry.readAdapter();
			isFullyLogged = isLogged;
			const startedAt = now();
			const update = await timeout.run((milliseconds) => follower.poll(milliseconds));
			if (!isClosed) apply(update, startedAt);
			early.end(update);
			facts.events = update.added.length + update.removed.length;
			return update;
		} finally {
			Object.assign(facts, lag());
		}
	}

	/** The cache has dropped what changed before anything counts as known. */
	function apply(update: LogUpdate, startedAt: number): void {
		const { added, removed, head, unreplaced, isReset, isReorganized, isComplete } = update;
		if (isReorganized) recordBlock = Math.min(recordBlock, head);
		if (last === undefined || isReset) followedSince = now();
		if (unreplaced < head) {
			cache.rewind(chainId, { head: isReorganized ? head : Infinity, unreplaced });
			reorganizedAt = now();
		}
		if (isReset) cache.invalidateAll(chainId);
		const known = new Map(last === undefined ? added.flatMap(knownOf) : []);
		for (const entry of removed) drop(entry);
		for (const entry of added) drop(entry, entry.blockNumber);
		for (const did of known.values()) cache.get(did).catch(() => undefined);
		last = update;
		if (isComplete && head >= recordBlock) confirmedAt = startedAt;
	}

	/**
	 * What the first poll finds was mostly read with its changes, or is about to be. That can't be told from a record of a
	 * replaced branch, so it is read again, but at once: the node may be down when it is next asked for.
	 */
	function knownOf({ event }: LogEntry): [string, CanonicalDidUrl][] {
		if (event === undefined) return [];
		const { orgId } = event;
		const did = formatDidUrl({ chainId, orgId });
		return cache.has(did) ? [[did, { chainId, orgId, did }]] : [];
	}

	/** A log that can't be understood may be about any organization. */
	function drop({ event }: LogEntry, minBlock?: number): void {
		if (event === undefined) cache.invalidateAll(chainId);
		else cache.invalidate(formatDidUrl({ chainId, orgId: event.orgId }), minBlock);
	}
}
