/**
 * The limits of key derivation: a key file is untrusted input and must not choose how much memory and time it takes.
 * @module
 */
import { KeyError } from "../../errors/errors.js";

const MIN_N = 1024;
const MAX_N = 2 ** 20;
const MAX_P = 16;
const MAX_MEMORY_BYTES = 256 * 2 ** 20;
/** The work of the usual n = 262144, r = 8, p = 1, which takes less than 2 seconds. */
const MAX_WORK = 2 ** 21;
const MIN_ITERATIONS = 1000;
/** Takes less than 2 seconds. */
export const MAX_ITERATIONS = 1_500_000;

/** The cost parameters of scrypt (RFC 7914 section 2). */
export interface ScryptParameters {
	/** Cost: a power of two. */
	readonly n: number;
	/** Block size. */
	readonly r: number;
	/** Parallelization. */
	readonly p: number;
}

/** Rejects scrypt parameters that are invalid, too weak or too costly. */
export function assertSafeScrypt({ n, r, p }: ScryptParameters): void {
	const isPowerOfTwo = Number.isInteger(Math.log2(n));
	const isSafe =
		[n, r, p].every((value) => Number.isSafeInteger(value) && value >= 1) &&
		isPowerOfTwo &&
		n >= MIN_N &&
		n <= MAX_N &&
		p <= MAX_P &&
		128 * n * r <= MAX_MEMORY_BYTES &&
		n * r * p <= MAX_WORK;
	if (isSafe) return;
	throw new KeyError("key/limits", "the scrypt parameters n, r and p are outside the safe range", {
		details: { n, r, p },
	});
}

/** Rejects a PBKDF2 iteration count that is too low or too costly. */
export function assertSafeIterations(iterations: number): void {
	if (Number.isInteger(iterations) && iterations >= MIN_ITERATIONS && iterations <= MAX_ITERATIONS) return;
	throw new KeyError("key/limits", "the PBKDF2 iteration count is outside the safe range", {
		details: { c: iterations },
	});
}
