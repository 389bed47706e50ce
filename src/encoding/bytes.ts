/** @module */

/** Checks whether a value is a Uint8Array, even one from another realm (Jest, `vm`). */
export function isBytes(value: unknown): value is Uint8Array {
	return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === "[object Uint8Array]";
}

/** Copies bytes, so that the caller can't change them while they are in use. */
export function copyBytes(value: unknown, what: string): Uint8Array<ArrayBuffer> {
	if (!isBytes(value)) throw new TypeError(`${what} must be a Uint8Array`);
	return new Uint8Array(value);
}
