/**
 * Lets callers take turns of the event loop, so that many of them never block it for longer than one would.
 * @module
 */
import { nextTurn } from "../encoding/next-turn.js";

export interface Turns {
	/** Resolves in a turn of the event loop reserved for this caller. */
	take(): Promise<void>;
	/** Resolves when nobody is waiting for a turn, so that their next requests can be sent together. */
	idle(): Promise<void>;
}

export function createTurns(): Turns {
	const waiting: (() => void)[] = [];
	let emptied: PromiseWithResolvers<void> | undefined;
	return { take, idle };

	function take(): Promise<void> {
		return new Promise((resolve) => {
			waiting.push(resolve);
			if (waiting.length === 1) void nextTurn().then(serve);
		});
	}

	async function idle(): Promise<void> {
		if (waiting.length === 0) return;
		emptied ??= Promise.withResolvers<void>();
		await emptied.promise;
	}

	/** A caller's promise callbacks run before the next turn. */
	function serve(): void {
		waiting[0]?.();
		void nextTurn().then(serveNext);
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
