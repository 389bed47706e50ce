/**
 * How many turns of the event loop something takes.
 * @module
 */

/** Counts turns until stopped. */
export function countTurns(): { readonly now: () => number; readonly stop: () => void } {
	let turns = 0;
	let isOver = false;
	const next = (): void => {
		turns += 1;
		if (!isOver) setImmediate(next);
	};
	next();
	return {
		now: () => turns,
		stop: () => {
			isOver = true;
		},
	};
}
