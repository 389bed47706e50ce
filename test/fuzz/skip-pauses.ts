/**
 * The pauses before attempts are repeated take no time in fuzz targets; limits of a second or more stay.
 * @module
 */

const SHORTEST_LIMIT_MS = 1_000;

type Timer = ReturnType<typeof setTimeout>;

/** Replaces `setTimeout`; returns what puts it back. */
export function skipPauses(): () => void {
	const { setTimeout, clearTimeout } = globalThis;
	const skipped = new WeakSet<object>();
	globalThis.setTimeout = ((callback: () => void, delayMs = 0, ...rest: never[]) => {
		if (delayMs >= SHORTEST_LIMIT_MS) return setTimeout(callback, delayMs, ...rest);
		const immediate = setImmediate(callback, ...(rest as []));
		skipped.add(immediate);
		return immediate;
	}) as unknown as typeof setTimeout;
	globalThis.clearTimeout = ((timer: Timer | undefined) => {
		if (typeof timer === "object" && skipped.has(timer)) clearImmediate(timer as unknown as NodeJS.Immediate);
		else clearTimeout(timer);
	}) as typeof clearTimeout;
	return () => {
		Object.assign(globalThis, { setTimeout, clearTimeout });
	};
}
