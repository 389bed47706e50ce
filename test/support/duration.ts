/**
 * Time measured so that a busy machine doesn't fail a test.
 * @module
 */
import { expect } from "vitest";

const RUNS = 5;
const ATTEMPTS = 15;

/** Shorter times than this are noise. */
const FLOOR_MS = 2;

/**
 * Expects that the work on an input twice as large takes at most three times as long, in time of the
 * processor. What grows with the square takes four times as long at every attempt.
 */
export async function expectLinear<T>(
	makeInput: (size: number) => T | Promise<T>,
	size: number,
	work: (input: T) => unknown,
): Promise<void> {
	const [small, large] = [await makeInput(size), await makeInput(2 * size)];
	await work(small);
	let ratio = Number.POSITIVE_INFINITY;
	for (let attempt = 0; attempt < ATTEMPTS && ratio > 3; attempt++) {
		let [before, after] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
		for (let run = 0; run < RUNS; run++) {
			before = Math.min(before, await processorMs(() => work(small)));
			after = Math.min(after, await processorMs(() => work(large)));
		}
		ratio = after / Math.max(before, FLOOR_MS);
	}
	expect(ratio).toBeLessThanOrEqual(3);
}

/** What a piece of work takes of this thread's time. */
async function processorMs(work: () => unknown): Promise<number> {
	const start = process.threadCpuUsage();
	await work();
	const { user, system } = process.threadCpuUsage(start);
	return (user + system) / 1_000;
}
