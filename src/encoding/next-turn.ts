/**
 * Yields to the event loop during long work.
 * @module
 */

/** Lets everything else that is pending run first. `setTimeout` waits a millisecond. */
export function nextTurn(): Promise<void> {
	return new Promise((resolve) => {
		try {
			setImmediate(resolve);
		} catch {
			// Browsers have no `setImmediate`, and that of Next.js's Edge Runtime throws.
			setTimeout(resolve);
		}
	});
}
