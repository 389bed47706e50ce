/**
 * Measures contenders in turns: A B C, A B C, and so on, so that what changes while the machine is running affects all of
 * them. mitata would run them one after the other, and couldn't give each turn its own unused tokens.
 * @module
 */
import { setTimeout } from "node:timers/promises";
import type { Row, Settings } from "./report.ts";

/** CPU time in microseconds that a process at rest takes at most in {@link REST_MS}. */
const REST_MICROSECONDS = 1_000;
const REST_MS = 20;

/** V8 optimizes a whole verification within a second: these are turns that aren't counted. */
const WARM_UP_TURNS = 10;

/** One of those that are compared. */
export interface Contender {
	readonly name: string;
	readonly isOurs?: boolean;
	/** Runs before each of its turns and isn't measured. */
	prepare?(): unknown;
	/** One operation; `index` counts from 0 in each turn. */
	run(index: number): unknown;
}

/** How much is measured. */
export interface Extent {
	readonly rounds: number;
	readonly turnMs: number;
	/** Operations in one turn, at most. */
	readonly maxCount: number;
}

/** The usual extent: 15 rounds of a tenth of a second for each contender. */
export function extentOf({ isQuick }: Settings, maxCount = 1e9): Extent {
	return isQuick ? { rounds: 2, turnMs: 3, maxCount } : { rounds: 15, turnMs: 100, maxCount };
}

/** Returns each contender's operations per second of this process's CPU time, for each round. */
export async function measureRates(contenders: readonly Contender[], extent: Extent): Promise<Row[]> {
	const counts: number[] = [];
	for (const contender of contenders) counts.push(await warmUp(contender, extent));
	const figures: number[][] = contenders.map(() => []);
	for (let round = 0; round < extent.rounds; round++) {
		// Not before each turn: V8 discards the code of functions that haven't run for several collections.
		await collectGarbage();
		for (const [index, contender] of contenders.entries()) {
			const count = counts[index] as number;
			figures[index]?.push((count * 1e6) / (await takeTurn(contender, count)));
		}
	}
	return contenders.map(({ name, isOurs = false }, index) => ({ name, isOurs, figures: figures[index] ?? [] }));
}

/** Waits for V8's threads, too, which sweep a large heap after the collection: the first contender would pay for it. */
async function collectGarbage(): Promise<void> {
	globalThis.gc?.();
	for (let isBusy = globalThis.gc !== undefined; isBusy; ) {
		const before = process.cpuUsage();
		await setTimeout(REST_MS);
		const { user, system } = process.cpuUsage(before);
		isBusy = user + system > REST_MICROSECONDS;
	}
}

/** Lets V8 optimize the contender; returns how many operations fill one. */
async function warmUp(contender: Contender, { turnMs, maxCount }: Extent): Promise<number> {
	let count = 1;
	let totalMs = 0;
	for (;;) {
		const elapsedMs = (await takeTurn(contender, count)) / 1_000;
		totalMs += elapsedMs;
		if (totalMs >= WARM_UP_TURNS * turnMs)
			return Math.min(Math.max(1, Math.round((count * turnMs) / elapsedMs)), maxCount);
		if (elapsedMs < turnMs / 2) count = Math.min(count * 2, maxCount);
	}
}

/** Returns the CPU time in microseconds, of all threads of this process. */
async function takeTurn(contender: Contender, count: number): Promise<number> {
	await contender.prepare?.();
	const before = process.cpuUsage();
	for (let index = 0; index < count; index++) {
		const result = contender.run(index);
		if (result instanceof Promise) await result;
	}
	const { user, system } = process.cpuUsage(before);
	return Math.max(user + system, 1);
}
