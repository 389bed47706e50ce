/**
 * Limits concurrent requests fairly: whoever sends many waits for their own, not for others'.
 * @module
 */
import { RegistryError } from "../../errors/errors.js";

const MAX_RUNNING = 16;
const MAX_RUNNING_PER_KEY = 8;
const MAX_WAITING_PER_KEY = 250;

/** Runs work as soon as a slot is free; rejects if too much is already waiting for the same key. */
export type FairQueue = <T>(key: string, work: () => Promise<T>) => Promise<T>;

export function createFairQueue(): FairQueue {
	/** Waiting work by key; the key whose turn is next comes first. */
	const waiting = new Map<string, (() => void)[]>();
	const running = new Map<string, number>();
	let total = 0;

	return <T>(key: string, work: () => Promise<T>): Promise<T> => {
		const queue = waiting.get(key) ?? [];
		if (queue.length >= MAX_WAITING_PER_KEY) {
			const message = `${MAX_WAITING_PER_KEY} signatures of ${key} are already waiting to be checked`;
			return Promise.reject(new RegistryError("registry/unreachable", message));
		}
		return new Promise((resolve, reject) => {
			queue.push(() => {
				work()
					.then(resolve, reject)
					.finally(() => leave(key));
			});
			waiting.set(key, queue);
			serve();
		});
	};

	/** After its turn, a key moves to the end, where the loop reaches it again. */
	function serve(): void {
		for (const [key, queue] of waiting) {
			if (total >= MAX_RUNNING) return;
			if (runningOf(key) >= MAX_RUNNING_PER_KEY) continue;
			const [start] = queue.splice(0, 1);
			waiting.delete(key);
			if (queue.length > 0) waiting.set(key, queue);
			total += 1;
			running.set(key, runningOf(key) + 1);
			start?.();
		}
	}

	function leave(key: string): void {
		total -= 1;
		const left = runningOf(key) - 1;
		if (left > 0) running.set(key, left);
		else running.delete(key);
		serve();
	}

	function runningOf(key: string): number {
		return running.get(key) ?? 0;
	}
}
