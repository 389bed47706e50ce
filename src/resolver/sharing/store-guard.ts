/**
 * Keeps a store that is down or slow from delaying anything: it is asked again after a pause, by one call at first.
 * @module
 */
import type { RecordStore } from "./record-store.js";

/**
 * How long the store may take without replying to anything: so many times so long. A busy event loop isn't a slow store,
 * and makes each time longer.
 */
const TICKS = 10;
const TICK_MS = 50;

/** How long one reply may take while others arrive. */
const MAX_TICKS = 4 * TICKS;

/** More would wait for each other in the store's queue, which looks like a slow store. */
const MAX_CONCURRENT = 100;

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** How a resolver gets on with the store that it shares with other instances. */
export interface SharedCacheStatus {
	/** False while this instance decides alone, because the store is down, slow or of no use. */
	readonly isAvailable: boolean;
	/** Why: the store's error message. */
	readonly error?: string;
}

export interface StoreGuard {
	/** Undefined if the store failed, took too long, or wasn't asked. `onLate` gets a result that came too late. */
	attempt<T>(work: () => Promise<T>, onLate?: (result: T) => void): Promise<T | undefined>;
	/** For what others wait for, such as the end of a lock: waits for no other call, and isn't left out during a pause. */
	complete<T>(work: () => Promise<T>): Promise<T | undefined>;
	/** The store works but is of no use: it isn't asked for a moment. */
	fail(error: unknown): void;
	status(): SharedCacheStatus;
}

export function createStoreGuard(store: Pick<RecordStore, "isReady">, onSuccess: () => void): StoreGuard {
	let failures = 0;
	let pausedUntil = 0;
	let isProbing = false;
	let error: unknown;
	let running = 0;
	let replies = 0;
	const waiting: (() => void)[] = [];
	return { attempt, complete, fail, status };

	async function attempt<T>(work: () => Promise<T>, onLate?: (result: T) => void): Promise<T | undefined> {
		if (!mayAsk()) return undefined;
		return inTurn(() => {
			if (!mayAsk()) return undefined;
			isProbing = failures > 0;
			return run(work, onLate);
		});
	}

	async function complete<T>(work: () => Promise<T>): Promise<T | undefined> {
		return store.isReady === false ? undefined : run(work);
	}

	function mayAsk(): boolean {
		return store.isReady !== false && !isPaused() && !isProbing;
	}

	async function inTurn<T>(work: () => Promise<T> | undefined): Promise<T | undefined> {
		if (running < MAX_CONCURRENT) running += 1;
		else await new Promise<void>((resolve) => waiting.push(resolve));
		try {
			return await work();
		} finally {
			const next = waiting.shift();
			if (next === undefined) running -= 1;
			else next();
		}
	}

	async function run<T>(work: () => Promise<T>, onLate?: (result: T) => void): Promise<T | undefined> {
		try {
			const result = await withinTime(work(), () => replies, onLate);
			replies += 1;
			succeed();
			return result;
		} catch (cause) {
			fail(cause);
			return undefined;
		}
	}

	function succeed(): void {
		isProbing = false;
		// A call that began earlier says nothing about the store after a failure.
		if (isPaused()) return;
		failures = 0;
		onSuccess();
	}

	/** Calls that fail together count once. */
	function fail(cause: unknown): void {
		isProbing = false;
		error = cause;
		if (isPaused()) return;
		pausedUntil = performance.now() + Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);
		failures += 1;
	}

	function isPaused(): boolean {
		return performance.now() < pausedUntil;
	}

	function status(): SharedCacheStatus {
		const message = store.isReady === false ? "not connected" : failures > 0 ? messageOf(error) : undefined;
		if (message === undefined) return Object.freeze({ isAvailable: true });
		return Object.freeze({ isAvailable: false, error: message });
	}
}

function withinTime<T>(work: Promise<T>, countReplies: () => number, onLate?: (result: T) => void): Promise<T> {
	return new Promise((resolve, reject) => {
		let isLate = false;
		let ticks = 0;
		let silentTicks = 0;
		let replies = countReplies();
		let timer = setTimeout(tick, TICK_MS);
		function tick(): void {
			ticks += 1;
			silentTicks = countReplies() === replies ? silentTicks + 1 : 0;
			replies = countReplies();
			if (silentTicks < TICKS && ticks < MAX_TICKS) {
				timer = setTimeout(tick, TICK_MS);
				return;
			}
			isLate = true;
			reject(new Error(`no reply within ${ticks * TICK_MS} ms`));
		}
		work.then(
			(result) => {
				clearTimeout(timer);
				if (isLate) onLate?.(result);
				resolve(result);
			},
			(error) => {
				clearTimeout(timer);
				reject(error);
			},
		);
	});
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message.slice(0, 200) : "the store failed";
}
