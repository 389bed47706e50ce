/**
 * Yields to the event loop during long work.
 * @module
 */

/** Lets everything else that is pending run first. */
export function nextTurn(): Promise<void> {
	return new Promise((resolve) => {
		setTimeout(resolve);
	});
}
