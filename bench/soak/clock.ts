/** @module */

/** Milliseconds since the epoch, the same in all processes of a run, and never set back. */
export function now(): number {
	return performance.timeOrigin + performance.now();
}
