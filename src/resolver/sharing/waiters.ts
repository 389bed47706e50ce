/**
 * Waits for what other instances are reading.
 * @module
 */

/** How a wait ends: by a message, or because the time is over. */
export type WaitEnd = "stored" | "failed" | "timeout";

export interface Waiter {
	/** What a message says that arrived since this waiter was added, or arrives in time. */
	wait(milliseconds: number): Promise<WaitEnd>;
	remove(): void;
}

export interface Waiters {
	/** Added before the question to the store, because the message may overtake the reply. */
	add(key: string): Waiter;
	wake(key: string, end: WaitEnd): void;
	/** How often `wake` was called. */
	wakeUps(): number;
}

export function createWaiters(): Waiters {
	const waiting = new Map<string, Set<(end: WaitEnd) => void>>();
	let wakeUps = 0;
	return {
		add,
		wakeUps: () => wakeUps,
		wake(key, end) {
			wakeUps += 1;
			for (const resolve of waiting.get(key) ?? []) resolve(end);
		},
	};

	function add(key: string): Waiter {
		const { promise, resolve } = Promise.withResolvers<WaitEnd>();
		const others = waiting.get(key) ?? new Set();
		waiting.set(key, others.add(resolve));
		return {
			wait(milliseconds) {
				const timer = setTimeout(() => resolve("timeout"), milliseconds);
				return promise.finally(() => clearTimeout(timer));
			},
			remove() {
				others.delete(resolve);
				if (others.size === 0 && waiting.get(key) === others) waiting.delete(key);
			},
		};
	}
}
