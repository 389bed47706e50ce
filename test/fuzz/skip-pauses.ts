/**
 * The pauses before attempts are repeated take no time in fuzz targets; limits of a second or more stay.
 * @module
 */

const SHORTEST_LIMIT_MS = 1_000;

/** Replaces `setTimeout`; returns what puts it back. */
export function skipPauses(): () => void {
	const { setTimeout } = globalThis;
	globalThis.setTimeout = ((callback: () => void, delayMs = 0, ...rest: never[]) =>
		setTimeout(callback, delayMs < SHORTEST_LIMIT_MS ? 0 : delayMs, ...rest)) as typeof setTimeout;
	return () => {
		globalThis.setTimeout = setTimeout;
	};
}
