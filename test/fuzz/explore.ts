/**
 * Searches for findings: mutates inputs, and keeps those that reach something new. A finding is shrunk.
 * @module
 */
import type { Coverage } from "./coverage.ts";
import { mutate } from "./mutate.ts";
import { createRandom } from "./random.ts";
import { assertSame, Finding, runInput, type Target } from "./target.ts";

/** How to search. */
export interface Search {
	readonly seed: number;
	/** Inputs to begin with. */
	readonly corpus: readonly Buffer[];
	/** Whether what an input reaches decides if it is kept. */
	readonly isGuided: boolean;
	/** Called with each input before it runs. */
	readonly onInput: (input: Buffer) => void;
	readonly isOver: () => boolean;
}

/** An input with a wrong result. */
export interface Found {
	readonly input: Buffer;
	readonly finding: Finding;
}

/** The state of a search. */
export interface Progress {
	executions: number;
	/** How many inputs mutations start from. */
	kept: number;
}

/** Every so many-th input, and every one that is kept, runs twice. */
const REPEATED = 8;
const SHRINKING_RUNS = 2_000;

/** Runs inputs until the search is over or one has a wrong result, which is returned with the shortest input found. */
export async function explore(
	target: Target,
	coverage: Coverage,
	{ seed, corpus, isGuided, onInput, isOver }: Search,
	progress: Progress,
): Promise<Found | undefined> {
	const random = createRandom(seed);
	const known = [...coverage.words];
	const pool: Buffer[] = [];
	for (const input of corpus.length === 0 ? [Buffer.from("")] : corpus) {
		const finding = await execute(input, true);
		if (finding !== undefined) return shrink(input, finding);
		pool.push(input);
	}
	const seeds = pool.length;
	while (!isOver()) {
		progress.kept = pool.length;
		// Half of them from the corpus: what is kept is often only another way to be malformed.
		const base = pool[random.below(random.pick([seeds, pool.length]))] as Buffer;
		const words = random.pick([target.words, known]);
		const material = { random, words, other: random.pick(pool) };
		const input = mutate(base, material);
		const finding = await execute(input, progress.executions % REPEATED === 0);
		if (finding !== undefined) return shrink(input, finding);
	}
	return undefined;

	async function execute(input: Buffer, isRepeated: boolean): Promise<Finding | undefined> {
		progress.executions += 1;
		try {
			const isNew = await runOnce(input, isRepeated);
			if (isNew && isGuided && progress.executions > corpus.length) pool.push(input);
			return undefined;
		} catch (error) {
			return error as Finding;
		}
	}

	/** Whether it reached something new. */
	async function runOnce(input: Buffer, isRepeated: boolean): Promise<boolean> {
		onInput(input);
		coverage.reset();
		const summary = await runInput(target, input);
		const { base, perByte } = target.work;
		const work = coverage.work();
		if (work > base + perByte * input.length) throw new Finding(`${work} blocks ran for ${input.length} bytes`);
		const isNew = coverage.takeNew();
		if (isNew || isRepeated) {
			assertSame(await runInput(target, input), summary, "two readings of the same input");
		}
		return isNew;
	}

	/** Removes parts as long as the same is found. */
	async function shrink(input: Buffer, finding: Finding): Promise<Found> {
		let found: Found = { input, finding };
		let runs = SHRINKING_RUNS;
		for (let size = input.length >> 1; size > 0; size >>= 1) {
			for (let at = 0; at < found.input.length && runs > 0 && !isOver(); runs--) {
				const shorter = Buffer.concat([found.input.subarray(0, at), found.input.subarray(at + size)]);
				const again = await execute(shorter, true);
				if (again !== undefined && sameAs(again, finding)) found = { input: shorter, finding: again };
				else at += size;
			}
		}
		return found;
	}
}

function sameAs(first: Finding, second: Finding): boolean {
	const [one, other] = [first, second].map(({ message, cause }) => [
		message.replace(/\d+/g, "0"),
		cause instanceof Error ? cause.stack?.split("\n")[1] : undefined,
	]);
	return JSON.stringify(one) === JSON.stringify(other);
}
