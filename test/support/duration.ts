/**
 * Proofs that work stays small, in time of the processor and by comparison, so that neither a slow machine nor a
 * busy one fails them.
 * @module
 */
import { expect } from "vitest";

const RUNS = 3;
const ATTEMPTS = 30;

/** The larger input is so many times as large as the smaller. */
const GROWTH = 8;
/** Between what grows with the size and what grows with its square. */
const MOST = GROWTH ** 1.5;
/** Processors' time is counted in steps of some milliseconds. */
const SHORTEST_MS = 20;

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
	const times = await timesFor(SHORTEST_MS, () => work(small));
	let ratio = Number.POSITIVE_INFINITY;
	for (let attempt = 0; attempt < ATTEMPTS && ratio > MOST; attempt++) {
		const before = Math.max(await leastMs(() => work(small), times), SHORTEST_MS / 2);
		ratio = (await processorMs(() => work(large), times)) / before;
	}
	expect(ratio).toBeLessThanOrEqual(MOST);
}

/** How many times work must be done to take so long. */
async function timesFor(ms: number, work: () => unknown): Promise<number> {
	let times = 1;
	while ((await processorMs(work, times)) < ms) times *= 2;
	return times;
}

/** The least of several measurements: what disturbs only adds. */
async function leastMs(work: () => unknown, times: number): Promise<number> {
	let least = Number.POSITIVE_INFINITY;
	for (let run = 0; run < RUNS; run++) least = Math.min(least, await processorMs(work, times));
	return least;
}

/** What a piece of work, done so many times, takes of this thread's time. */
async function processorMs(work: () => unknown, times: number): Promise<number> {
	const start = process.threadCpuUsage();
	for (let done = 0; done < times; done++) await work();
	const { user, system } = process.threadCpuUsage(start);
	return (user + system) / 1_000;
}
