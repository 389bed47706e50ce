/**
 * Turns of the event loop in Node, which runs everything that `setImmediate` and `setTimeout` have queued in one: a caller
 * waits for those before it. Imported as `#turns`.
 * @module
 */
import { nextTurn } from "../encoding/next-turn.js";
import type { Turns } from "./turns.js";

export type { Turns } from "./turns.js";

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
