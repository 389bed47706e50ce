/**
 * Values that may have to be waited for. Waiting for one that is there already would cost a turn of the microtask queue.
 * @module
 */

/** A value, or a promise of it. */
export type Awaitable<T> = T | PromiseLike<T>;

/** Checks whether a value has to be awaited, also if it is a promise of another realm or library. */
export function isThenable<T>(value: Awaitable<T>): value is PromiseLike<T> {
	return typeof (value as Partial<PromiseLike<T>> | null | undefined)?.then === "function";
}

/** Continues with a value: at once, unless it has to be awaited. */
export function whenReady<T, Result>(value: Awaitable<T>, next: (value: T) => Awaitable<Result>): Awaitable<Result> {
	return isThenable(value) ? Promise.resolve(value).then(next) : next(value);
}
