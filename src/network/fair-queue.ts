/**
 * Limits concurrent work, in total and per group, so that no group takes all slots.
 * @module
 */

/** Runs work as soon as a slot is free; waiting groups take turns. Rejects if aborted while waiting. */
export type FairQueue = <T>(group: string, work: () => Promise<T>, signal?: AbortSignal) => Promise<T>;

export interface FairQueueOptions {
	readonly slots: number;
	readonly slotsPerGroup: number;
	/** How much work of one group may wait. Default: any amount. */
	readonly maxWaiting?: number;
	/** Creates the error for work beyond `maxWaiting`. */
	readonly createFullError?: (group: string) => Error;
}

export function createFairQueue(options: FairQueueOptions): FairQueue {
	const { slots, slotsPerGroup, maxWaiting = Infinity, createFullError } = options;
	/** Groups in the order of their turns. */
	const waiting = new Map<string, Set<() => void>>();
	const running = new Map<string, number>();
	let total = 0;

	return async function run(group, work, signal) {
		if ((waiting.get(group)?.size ?? 0) >= maxWaiting) throw createFullError?.(group);
		await enter(group, signal);
		try {
			return await work();
		} finally {
			leave(group);
		}
	};

	function enter(group: string, signal: AbortSignal | undefined): Promise<void> {
		return new Promise((resolve, reject) => {
			const queue = waiting.get(group) ?? new Set();
			const start = (): void => {
				signal?.removeEventListener("abort", giveUp);
				resolve();
			};
			const giveUp = (): void => {
				queue.delete(start);
				reject(signal?.reason);
			};
			if (signal?.aborted) return reject(signal.reason);
			signal?.addEventListener("abort", giveUp, { once: true });
			waiting.set(group, queue.add(start));
			startNext();
		});
	}

	function leave(group: string): void {
		const left = (running.get(group) ?? 0) - 1;
		if (left > 0) running.set(group, left);
		else running.delete(group);
		total -= 1;
		startNext();
	}

	function startNext(): void {
		for (const [group, queue] of waiting) {
			if (total >= slots) return;
			const ofGroup = running.get(group) ?? 0;
			const [start] = queue;
			if (start !== undefined && ofGroup >= slotsPerGroup) continue;
			waiting.delete(group);
			if (start === undefined) continue;
			queue.delete(start);
			if (queue.size > 0) waiting.set(group, queue);
			running.set(group, ofGroup + 1);
			total += 1;
			start();
		}
	}
}
