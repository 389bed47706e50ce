/**
 * Wraps decoders that throw, for callers that try several.
 * @module
 */

/** Returns the result of `decode`, or undefined if it throws. */
export function undefinedOnError<T>(decode: () => T): T | undefined {
	try {
		return decode();
	} catch {
		return undefined;
	}
}
