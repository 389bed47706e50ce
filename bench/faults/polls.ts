/**
 * The polls of a watching resolver.
 * @module
 */
import type { Observer } from "orgpass/observe";

const MAX_WAIT_MS = 3_000;

/** Creates an observer of polls. */
export function createPolls(): { readonly observer: Observer; next(): Promise<void> } {
	let waiting: (() => void)[] = [];
	return {
		observer: (run, { operation }) => {
			if (operation !== "watch") return run();
			const waitingForThis = waiting;
			waiting = [];
			return run().then(() => waitingForThis.forEach((wake) => void wake()));
		},
		/** Resolves when a poll that starts from now on has ended; a node that limits requests isn't polled. */
		next: () =>
			new Promise((resolve) => {
				const timer = setTimeout(resolve, MAX_WAIT_MS);
				waiting.push(() => {
					clearTimeout(timer);
					resolve();
				});
			}),
	};
}
