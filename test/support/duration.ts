/**
 * Proofs that work stays small, in time of the processor and by comparison, so that neither a slow machine nor a
 * busy one fails them.
 * @module
 */
import { expect } from "vitest";

const RUNS = 5;
const ATTEMPTS = 15;

/** The larger input is so many times as large as the smaller. */
const GROWTH = 8;
/** Between what grows with the size and what grows with its square. */
const MOST = GROWTH ** 1.5;
/** Shorter times than this are noise. */
const FLOOR_MS = 0.3;

/**
 * Expects that the work on an input eight times as large takes about eight times as long: less than 23 times. What
 * grows with the square takes 64 times as long at every attempt. The larger input is twice `size`.
 */
export async function expectLinear<T>(
	makeInput: (size: number) => T | Promise<T>,
	size: number,
	work: (input: T) => unknown,
): Promise<void> {
	const large = await makeInput(2 * size);
	const small = await makeInput(Math.ceil((2 * size) / GROWTH));
	await work(small);
	let ratio = Number.POSITIVE_INFINITY;
	for (let attempt = 0; attempt < ATTEMPTS && ratio > MOST; attempt++) {
		const before = await leastMs(() => work(small));
		ratio = (await leastMs(() => work(large))) / Math.max(before, FLOOR_MS);
	}
	expect(ratio).toBeLessThanOrEqual(MOST);
}

/** Expects that some work takes less time than other work, which is known to take many times as long as it should. */
export async function expectQuicker(work: () => unknown, other: () => unknown): Promise<void> {
	expect(await leastMs(work)).toBeLessThan(await leastMs(other));
}

/** The least of several measurements: what disturbs only adds. */
async function leastMs(work: () => unknown): Promise<number> {
	let least = Number.POSITIVE_INFINITY;
	for (let run = 0; run < RUNS; run++) least = Math.min(least, await processorMs(work));
	return least;
}

/** What a piece of work takes of this thread's time. */
async function processorMs(work: () => unknown): Promise<number> {
	const start = process.threadCpuUsage();
	await work();
	const { user, system } = process.threadCpuUsage(start);
	return (user + system) / 1_000;
}
