/**
 * Turns of the event loop: whatever many callers do next, it never blocks the loop for longer than one of them takes.
 * @module
 */

export interface Turns {
	/** Resolves in a turn of the event loop that no other caller gets. */
	take(): Promise<void>;
	/** Resolves when nobody waits for a turn: what follows for all of them can be sent together. */
	idle(): Promise<void>;
}

export function createTurns(): Turns {
	const waiting: (() => void)[] = [];
	let emptied: PromiseWithResolvers<void> | undefined;
	return { take, idle };

	function take(): Promise<void> {
		return new Promise((resolve) => {
			waiting.push(resolve);
			if (waiting.length === 1) schedule(serve);
		});
	}

	async function idle(): Promise<void> {
		if (waiting.length === 0) return;
		emptied ??= Promise.withResolvers<void>();
		await emptied.promise;
	}

	/** What a caller does in callbacks of promises runs before the next turn. */
	function serve(): void {
		waiting[0]?.();
		schedule(serveNext);
	}

	function serveNext(): void {
		waiting.shift();
		if (waiting.length > 0) {
			serve();
			return;
		}
		emptied?.resolve();
		emptied = undefined;
	}
}

/** `setTimeout` waits at least a millisecond, but browsers have nothing else. */
function schedule(run: () => void): void {
	if (typeof setImmediate === "function") setImmediate(run);
	else setTimeout(run);
}
