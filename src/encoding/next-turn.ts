/**
 * Yields to the event loop during long work.
 * @module
 */

/** Lets everything else that is pending run first. `setTimeout` waits a millisecond; browsers have no `setImmediate`. */
export function nextTurn(): Promise<void> {
	return new Promise((resolve) => {
		if (typeof setImmediate === "function") setImmediate(resolve);
		else setTimeout(resolve);
	});
}
