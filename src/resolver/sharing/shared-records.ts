/**
 * Records that the instances of a service read for each other. The store between them is a cache that isn't trusted: its
 * records are checked, and without it each instance reads for itself.
 * @module
 */
import { BoundedCache } from "../../caching/bounded-cache.js";
import { type CanonicalDidUrl, parseDidUrl, toCanonicalDidUrl } from "../../did/did-url.js";
import { undefinedOnError } from "../../encoding/undefined-on-error.js";
import type { Address, OnChainKey, OrgRecord } from "../../registry/org-record.js";
import { createMessages, type Message, type News } from "./messages.js";
import type { RecordStore, SharedCacheOptions, StoredText } from "./record-store.js";
import { createSeal } from "./seal.js";
import { createStoreGuard, type SharedCacheStatus } from "./store-guard.js";
import { decodeRecord, encodeRecord, MAX_STORED_CHARACTERS } from "./stored-record.js";
import { createWaiters } from "./waiters.js";

/** How long an instance may read while the others wait. */
const LOCK_MS = 10_000;

/** How long they wait if no instance stores anything: as long as one request to a node may take. */
const SILENCE_MS = 5_000;

/** How long to wait for a message before the store is asked again, and then twice as long: messages may get lost. */
const RECHECK_MS = 900;

/** Invalidations are remembered for more organizations than records, like block numbers. */
const DROPS_PER_ENTRY = 4;

/** Doesn't occur in DIDs, addresses and block tags. */
const SEPARATOR = "@";

type Taken = Awaited<ReturnType<RecordStore["take"]>>;

/** Where an organization is read. */
export interface RecordSource {
	readonly registry: Address;
	readonly blockTag: string;
}

export interface SharedRecordsOptions extends SharedCacheOptions {
	/** Throws for chains that aren't configured. */
	readonly sourceOf: (chainId: number) => RecordSource;
	readonly ttlSeconds: number;
	readonly negativeTtlSeconds: number;
	readonly maxEntries: number;
	/** The clock of the cache, in seconds. */
	readonly now: () => number;
	/** Seconds since the epoch. */
	readonly wallNow: () => number;
}

/** A record that another instance has read, undefined if there is no such organization. */
export interface SharedRecord {
	readonly record: OrgRecord | undefined;
	/** By the clock of the cache. */
	readonly readAt: number;
}

/** What other instances say; only with a secret do they say more than to read again. */
export interface SharedRecordsListener {
	onChanged(did: string, minBlock: number | undefined): void;
	onRevoked(did: string, key: OnChainKey): void;
	/** Messages may have been lost, or everything was invalidated. */
	onReset(): void;
}

export interface SharedRecords {
	/** Whether what other instances say is certainly theirs. */
	readonly isAuthentic: boolean;
	listen(listener: SharedRecordsListener): void;
	/** Another instance's record, if there is one that `isUsable`. Undefined: read it, and `offer` it or `fail`. */
	find(did: CanonicalDidUrl, isUsable: (found: SharedRecord) => boolean): Promise<SharedRecord | undefined>;
	offer(did: CanonicalDidUrl, read: SharedRecord): void;
	/** It couldn't be read, or the result isn't current: other instances don't wait any longer. */
	fail(did: CanonicalDidUrl): void;
	/** What was read up to now isn't used any more. */
	drop(did: string): void;
	dropAll(): void;
	/** Also removes it from the store, because instances that start later hear nothing, and tells the others. */
	invalidate(did: string, minBlock: number | undefined): void;
	/** Tells the others that an organization changed in this block, or has to be read again. */
	announce(did: string, minBlock: number | undefined): void;
	/** The same for all organizations. */
	announceAll(): void;
	announceRevoked(did: string, revokedKey: OnChainKey): void;
	status(): SharedCacheStatus;
	close(): void;
}

export function createSharedRecords(options: SharedRecordsOptions): SharedRecords {
	const { store, sourceOf, now, wallNow } = options;
	const seal = createSeal(options.secret);
	const waiters = createWaiters();
	/** Keys whose lock this instance has. */
	const locked = new Set<string>();
	const droppedAt = new BoundedCache<number>(options.maxEntries * DROPS_PER_ENTRY);
	let allDroppedAt = Number.NEGATIVE_INFINITY;
	let listener: SharedRecordsListener | undefined;
	let listening: Promise<void> | undefined;
	let stop: (() => void) | undefined;
	let hasRead = false;
	let isClosed = false;
	const messages = createMessages({ seal, publish, onMessage, onGap: reset });
	const guard = createStoreGuard(store, messages.resume);

	return {
		isAuthentic: seal.isAuthentic,
		listen(other) {
			listener = other;
		},
		find,
		offer,
		fail,
		drop: (did) => void droppedAt.set(did, now()),
		dropAll,
		invalidate,
		announce: (did, minBlock) => tell(did, (key) => ({ type: "changed", key, minBlock })),
		announceAll: () => messages.tell({ type: "reset" }),
		announceRevoked: (did, revokedKey) => tell(did, (key) => ({ type: "revoked", key, revokedKey })),
		status: guard.status,
		close() {
			isClosed = true;
			stop?.();
		},
	};

	async function find(
		did: CanonicalDidUrl,
		isUsable: (found: SharedRecord) => boolean,
	): Promise<SharedRecord | undefined> {
		let refused: string | undefined;
		let silentMs = 0;
		for (let waitMs = RECHECK_MS; !isClosed && waitMs < LOCK_MS && silentMs < SILENCE_MS; waitMs *= 2) {
			const wakeUps = waiters.wakeUps();
			const found = await ask(did, refused, waitMs);
			hasRead = true;
			if (found === undefined) return undefined;
			silentMs = waiters.wakeUps() === wakeUps ? silentMs + waitMs : 0;
			if (found === "again") continue;
			if (found.value !== undefined && isUsable(found.value)) return found.value;
			// What two instances can't agree on is read by both.
			if (refused !== undefined) return undefined;
			refused = found.text;
		}
		if (silentMs >= SILENCE_MS) guard.fail(new Error("another instance locks records and doesn't store them"));
		return undefined;
	}

	/** Undefined if this instance has to read; `again` if another one may have stored something. */
	async function ask(
		did: CanonicalDidUrl,
		refused: string | undefined,
		waitMs: number,
	): Promise<"again" | { readonly text: string; readonly value: SharedRecord | undefined } | undefined> {
		const key = keyOf(did);
		const askedAt = now();
		const waiter = waiters.add(key);
		try {
			const take = (): Promise<Taken> => startListening().then(() => store.take(key, LOCK_MS, refused));
			const taken = await guard.attempt(take, (late) => late === "locked" && release(key));
			if (taken === "locked") locked.add(key);
			if (taken === undefined || taken === "locked") return undefined;
			if (taken !== "busy") return { text: taken.text, value: open(did, taken, askedAt) };
			const end = await waiter.wait(waitMs);
			return end === "failed" ? undefined : "again";
		} finally {
			waiter.remove();
		}
	}

	function open(did: CanonicalDidUrl, { text, leftMs }: StoredText, askedAt: number): SharedRecord | undefined {
		const opened = seal.open(contextOf(keyOf(did)), text, MAX_STORED_CHARACTERS);
		if (opened === undefined) return undefined;
		const found = decodeRecord(opened, leftMs, { ...did, registry: sourceOf(did.chainId).registry }, wallNow());
		if (found === undefined) return undefined;
		const readAt = askedAt - found.ageSeconds;
		const isDropped = readAt <= Math.max(allDroppedAt, droppedAt.get(did.did) ?? Number.NEGATIVE_INFINITY);
		return isDropped ? undefined : { record: found.record, readAt };
	}

	function offer(did: CanonicalDidUrl, { record, readAt }: SharedRecord): void {
		const key = keyOf(did);
		const ttlSeconds = record === undefined ? options.negativeTtlSeconds : options.ttlSeconds;
		const ageMs = Math.ceil((now() - readAt) * 1_000);
		const keptMs = Math.floor(ttlSeconds * 1_000) - ageMs;
		const text = encodeRecord(record, { readAt: wallNow() - ageMs / 1_000, ageMs, keptMs });
		if (ageMs < 0 || keptMs <= 0 || text.length > MAX_STORED_CHARACTERS) {
			fail(did);
			return;
		}
		const put = (): Promise<boolean> => store.put(key, seal.close(contextOf(key), text), keptMs);
		// Others wait for the end of a lock.
		wakeAfter(key, "stored", locked.delete(key) ? guard.complete(put) : guard.attempt(put));
	}

	function fail(did: CanonicalDidUrl): void {
		const key = keyOf(did);
		if (locked.delete(key)) release(key);
	}

	function release(key: string): void {
		const removing = guard.complete(() => store.remove(key));
		wakeAfter(key, "failed", removing);
	}

	/** Those who wait for the record are told, also in this instance: after `drop`, a second read may have begun. */
	function wakeAfter(key: string, type: "stored" | "failed", ending: Promise<boolean | undefined>): void {
		void ending.then((hasWaiters) => {
			if (hasWaiters !== true) return;
			waiters.wake(key, type);
			messages.wakeUp({ type, key });
		});
	}

	function dropAll(): void {
		allDroppedAt = now();
	}

	/** Whatever its block: a record of a branch that was replaced may be later than a change that it doesn't have. */
	function invalidate(did: string, minBlock: number | undefined): void {
		droppedAt.set(did, now());
		tell(did, (key) => {
			// This ends the lock, too: when the read that had it ends, another instance may have it.
			locked.delete(key);
			release(key);
			return { type: "changed", key, minBlock };
		});
	}

	/** Nothing is shared of chains that aren't configured. */
	function tell(did: string, toNews: (key: string) => News): void {
		const key = undefinedOnError(() => keyOf(toCanonicalDidUrl(parseDidUrl(did))));
		if (key !== undefined) messages.tell(toNews(key));
	}

	function startListening(): Promise<void> {
		listening ??= new Promise((resolve) => {
			stop = store.subscribe({
				onMessage: messages.receive,
				onListening() {
					// What changed before may have been announced unheard.
					if (hasRead) reset();
					resolve();
				},
			});
		});
		return listening;
	}

	async function publish(text: string): Promise<boolean> {
		return (await guard.complete(() => store.publish(text).then(() => true))) ?? false;
	}

	function onMessage(message: Message): void {
		switch (message.type) {
			case "stored":
			case "failed":
				waiters.wake(message.key, message.type);
				break;
			case "reset":
				reset();
				break;
			case "changed":
			case "revoked":
				onNews(message);
		}
	}

	/** What isn't authentic makes this instance read again, but doesn't decide anything. */
	function onNews(message: Extract<Message, { type: "changed" | "revoked" }>): void {
		const did = didOf(message.key);
		if (did === undefined) return;
		if (!seal.isAuthentic) listener?.onChanged(did, undefined);
		else if (message.type === "changed") listener?.onChanged(did, message.minBlock);
		else listener?.onRevoked(did, message.revokedKey);
	}

	function reset(): void {
		listener?.onReset();
	}

	/** Instances that read at another block, or in another registry, don't share. */
	function keyOf({ did, chainId }: Pick<CanonicalDidUrl, "did" | "chainId">): string {
		const { registry, blockTag } = sourceOf(chainId);
		return [did, registry, blockTag].join(SEPARATOR);
	}

	function didOf(key: string): string | undefined {
		const [name = ""] = key.split(SEPARATOR);
		return undefinedOnError(() => {
			const did = toCanonicalDidUrl(parseDidUrl(name));
			return keyOf(did) === key ? did.did : undefined;
		});
	}
}

function contextOf(key: string): string {
	return `orgpass:record:1:${key}`;
}
