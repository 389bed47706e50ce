/**
 * The default clock of verifiers.
 * @module
 */

/**
 * How far the system clock may be ahead of the monotonic clock, which may stop while the machine sleeps, and still
 * raise the minimum. A clock further ahead may be wrong and corrected later.
 */
const MAX_PAUSE_SECONDS = 120;

/** Creates a clock that returns the system's time in seconds since the epoch, but never behind the monotonic clock. */
export function createVerifierClock(): () => number {
	const offset = Date.now() - performance.now();
	let latest = 0;
	return () => {
		const counted = (offset + performance.now()) / 1_000;
		const now = Math.max(Date.now() / 1_000, counted, latest);
		if (now - counted <= MAX_PAUSE_SECONDS) latest = now;
		return now;
	};
}
