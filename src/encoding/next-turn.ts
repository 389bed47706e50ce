/**
 * Long work in slices.
 * @module
 */

/** Lets everything else that is waiting run first. */
export function nextTurn(): Promise<void> {
	return new Promise((resolve) => {
		setTimeout(resolve);
	});
}
