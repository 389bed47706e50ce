/**
 * Work that several calls wait for, and that may go on after the call that started it. Cloudflare Workers end a
 * request's timers and network requests with the request, and then such work never settles.
 * @module
 */

/** After its own time limit and this time, work is given up: Cloudflare ends a request 30 seconds after its response. */
const GRACE_MS = 30_000;

/** All shared work that hasn't settled, and when it is given up. */
const unsettled = new Map<Promise<unknown>, number>();

/** Adds work that isn't run by {@link createSharedWork}; `timeoutMs` is how long it may take where it does settle. */
export function addSharedWork<T>(work: Promise<T>, timeoutMs = 0): Promise<T> {
	const forget = (): void => void unsettled.delete(work);
	for (const oldest of unsettled.keys()) if (isUnsettled(oldest)) break;
	unsettled.set(work, performance.now() + timeoutMs + GRACE_MS);
	work.then(forget, forget);
	return work;
}

/** Whether work that was added may still settle. */
export function isUnsettled(work: Promise<unknown>): boolean {
	if (performance.now() < (unsettled.get(work) ?? 0)) return true;
	unsettled.delete(work);
	return false;
}

/** Resolves when all work that is shared now has settled. Never rejects. */
export async function settleSharedWork(): Promise<void> {
	await Promise.allSettled([...unsettled.keys()].filter(isUnsettled));
}

/** Runs work once for all concurrent callers with the same key. */
export interface SharedWork<T> {
	/** `isCurrent` says whether the result may be stored: not after `delete`, or if the work took too long. */
	run(key: string, work: (isCurrent: () => boolean) => Promise<T>): Promise<T>;
	/** Whether work for this key can be joined. */
	has(key: string): boolean;
	/** How much work is running. */
	count(): number;
	/** Later callers don't join the work that is running. */
	delete(key: string): void;
	clear(): void;
}

/** Creates a place to share work, which may take `timeoutMs` each where it does settle. */
export function createSharedWork<T>(timeoutMs = 0): SharedWork<T> {
	const running = new Map<string, Promise<T>>();
	return { run, has, count, delete: (key) => void running.delete(key), clear: () => running.clear() };

	function run(key: string, work: (isCurrent: () => boolean) => Promise<T>): Promise<T> {
		forgetOld();
		const shared = running.get(key);
		if (shared !== undefined) return shared;
		const isCurrent = (): boolean => running.get(key) === promise;
		const promise: Promise<T> = Promise.resolve()
			.then(() => work(isCurrent))
			.finally(() => {
				if (isCurrent()) running.delete(key);
			});
		running.set(key, addSharedWork(promise, timeoutMs));
		return promise;
	}

	function has(key: string): boolean {
		forgetOld();
		return running.has(key);
	}

	function count(): number {
		forgetOld();
		return running.size;
	}

	function forgetOld(): void {
		for (const [key, promise] of running) {
			if (isUnsettled(promise)) break;
			running.delete(key);
		}
	}
}
