/** @module */

/**
 * Rejects if the work takes longer, with what `createError` returns. p-timeout creates the error in advance, which takes
 * longer than everything else it does.
 */
export function limitTime<T>(work: Promise<T>, milliseconds: number, createError: () => Error): Promise<T> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => reject(createError()), milliseconds);
		work.finally(() => clearTimeout(timer)).then(resolve, reject);
	});
}
