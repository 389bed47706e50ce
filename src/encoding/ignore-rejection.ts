/** @module */

/** Ignores the rejection of a promise that nothing waits for: without a handler, it would end the process. */
export function ignoreRejection(result: unknown): void {
	void settle(result);
}

/** `await` doesn't call the methods of a promise, which could have been replaced. */
async function settle(result: unknown): Promise<void> {
	try {
		await result;
	} catch {
		// Nobody is interested.
	}
}
