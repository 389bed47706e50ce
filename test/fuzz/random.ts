/**
 * Reproducible random choices: the same seed gives the same inputs.
 * @module
 */

/** A source of random choices. */
export interface Random {
	/** A whole number from 0 to below `limit`. */
	below(limit: number): number;
	/** One of the values. */
	pick<T>(values: readonly T[]): T;
}

/** Creates a source (mulberry32). */
export function createRandom(seed: number): Random {
	let state = seed >>> 0;
	return { below, pick: (values) => values[below(values.length)] as never };

	function below(limit: number): number {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
	}
}
