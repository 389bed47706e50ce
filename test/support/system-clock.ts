/**
 * The system's clock, for the times in tokens that are judged by it: by verifiers and programs that have no other.
 * @module
 */

/** Whole seconds now. */
export function nowSeconds(): number {
	return Math.floor(Date.now() / 1_000);
}
