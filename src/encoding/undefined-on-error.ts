/** @module */

/** Returns the result of `decode`, or undefined if it throws. */
export function undefinedOnError<T>(decode: () => T): T | undefined {
	try {
		return decode();
	} catch {
		return undefined;
	}
}
