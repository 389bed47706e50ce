/**
 * Time measured so that a busy machine doesn't fail a test.
 * @module
 */
import { expect } from "vitest";

const RUNS = 5;

/** Shorter times than this are noise. */
const FLOOR_MS = 2;

/** Expects that the work on an input twice as large takes at most three times as long. */
export async function expectLinear<T>(
	makeInput: (size: number) => T | Promise<T>,
	size: number,
	work: (input: T) => unknown,
): Promise<void> {
	const [small, large] = [await makeInput(size), await makeInput(2 * size)];
	await work(small);
	const [before, after] = [await shortest(() => work(small)), await shortest(() => work(large))];
	expect(after).toBeLessThanOrEqual(3 * Math.max(before, FLOOR_MS));
}

/** The shortest of several runs, in milliseconds. */
async function shortest(work: () => unknown): Promise<number> {
	let best = Number.POSITIVE_INFINITY;
	for (let run = 0; run < RUNS; run++) {
		const start = performance.now();
		await work();
		best = Math.min(best, performance.now() - start);
	}
	return best;
}
