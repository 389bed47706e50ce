/**
 * Chooses the implementation of each operation on the curve on first use: the first that passes a known-answer test,
 * because packages may be missing and some builds of OpenSSL have no secp256k1.
 * @module
 */
import { BACKENDS } from "#backends";
import { formatValue, KeyError } from "../../errors/errors.js";
import type { BackendSource, CurveBackendName, CurveOperation, CurveOperations } from "./curve-backend.js";
import { passesKnownAnswer } from "./known-answers.js";
import { nobleBackend } from "./noble-backend.js";

/** An operation of a backend that passed the known-answer test. */
export interface Implementation<Operation extends CurveOperation> {
	readonly name: CurveBackendName;
	readonly run: CurveOperations[Operation];
}

const NOBLE: BackendSource = { name: "noble", load: () => nobleBackend };

type Chosen = { readonly [Operation in CurveOperation]?: Implementation<Operation> };

let chosen: Chosen = {};
/** What {@link useCurveBackend} has selected before: known answers are computed once. */
const selections = new Map<CurveBackendName, Chosen>();

/**
 * Returns the name of the implementation of secp256k1 in use: the fastest that works in this runtime, unless
 * {@link useCurveBackend} has selected one.
 *
 * @example
 * ```ts
 * import { curveBackend } from "orgpass/keys";
 *
 * curveBackend(); // => "secp256k1"
 * curveBackend("sign"); // => "secp256k1"
 * ```
 * @param operation `verify` (default), `sign` or `recover` (accounts from their signatures)
 * @returns `secp256k1` or `tiny-secp256k1` if the package is installed, else `node:crypto` (which only verifies) or `noble`
 * @throws {KeyError} `key/unavailable` if none works
 */
export function curveBackend(operation: CurveOperation = "verify"): CurveBackendName {
	return chosenImplementation(operation).name;
}

/**
 * Selects an implementation of secp256k1 instead of the fastest, for all keys. `noble` does what the selected one can't:
 * `node:crypto` only verifies.
 *
 * @example
 * ```ts
 * import { curveBackend, useCurveBackend } from "orgpass/keys";
 *
 * useCurveBackend("node:crypto");
 * curveBackend("verify"); // => "node:crypto"
 * curveBackend("sign"); // => "noble"
 * useCurveBackend("secp256k1"); // needs the package secp256k1
 * ```
 * @param name the name of the implementation
 * @throws {KeyError} `key/unavailable` if it isn't installed or doesn't work in this runtime; then nothing changes
 */
export function useCurveBackend(name: CurveBackendName): void {
	chosen = selections.get(name) ?? select(name);
	selections.set(name, chosen);
}

function select(name: CurveBackendName): Chosen {
	const candidates = BACKENDS.filter((source) => source.name === name);
	const verify = findImplementation(candidates, "verify");
	if (verify === undefined) {
		throw new KeyError("key/unavailable", `the curve backend ${formatValue(name)} doesn't work in this runtime`);
	}
	candidates.push(NOBLE);
	return {
		verify,
		sign: chooseImplementation(candidates, "sign"),
		recover: chooseImplementation(candidates, "recover"),
	};
}

/** Returns the implementation of an operation in use, chosen on the first call. */
export function chosenImplementation<Operation extends CurveOperation>(
	operation: Operation,
): Implementation<Operation> {
	const current: Implementation<Operation> | undefined = chosen[operation];
	if (current !== undefined) return current;
	const first = chooseImplementation(BACKENDS, operation);
	chosen = { ...chosen, [operation]: first };
	return first;
}

/** Returns the first implementation of an operation that passes the known-answer test. */
export function chooseImplementation<Operation extends CurveOperation>(
	candidates: readonly BackendSource[],
	operation: Operation,
): Implementation<Operation> {
	const found = findImplementation(candidates, operation);
	if (found !== undefined) return found;
	throw new KeyError("key/unavailable", "no implementation of secp256k1 works in this runtime");
}

function findImplementation<Operation extends CurveOperation>(
	candidates: readonly BackendSource[],
	operation: Operation,
): Implementation<Operation> | undefined {
	for (const { name, load } of candidates) {
		try {
			const run: CurveOperations[Operation] | undefined = load()[operation];
			if (run !== undefined && passesKnownAnswer(operation, run)) return { name, run };
		} catch {
			// It isn't installed, or doesn't work in this runtime.
		}
	}
	return undefined;
}
