/**
 * A real resolver that counts its calls.
 * @module
 */
import type { Resolvable } from "did-resolver";

/** A resolver that counts how often it is asked. */
export interface CountingResolver extends Resolvable {
	/** Calls since the last reset. */
	readonly calls: () => number;
	readonly reset: () => void;
}

/** Passes every question on to `resolver` and counts them. */
export function countCalls(resolver: Resolvable): CountingResolver {
	let calls = 0;
	return {
		resolve(did, options) {
			calls += 1;
			return resolver.resolve(did, options);
		},
		calls: () => calls,
		reset: () => {
			calls = 0;
		},
	};
}
