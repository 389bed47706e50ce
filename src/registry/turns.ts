/**
 * Turns of the event loop: whatever many callers do next, it never blocks the loop for longer than one of them takes.
 * @module
 */

/** Resolves when it is the caller's turn: the callers of one queue get a turn of the event loop each. */
export type TakeTurn = () => Promise<void>;

export function createTurns(): TakeTurn {
	const waiting: (() => void)[] = [];
	return () =>
		new Promise((resolve) => {
			waiting.push(resolve);
			if (waiting.length === 1) schedule(serve);
		});

	/** What a caller does in callbacks of promises runs before the next turn. */
	function serve(): void {
		waiting[0]?.();
		schedule(serveNext);
	}

	function serveNext(): void {
		waiting.shift();
		if (waiting.length > 0) serve();
	}
}

/** `setTimeout` waits at least a millisecond, but browsers have nothing else. */
function schedule(run: () => void): void {
	if (typeof setImmediate === "function") setImmediate(run);
	else setTimeout(run);
}
