/**
 * The refusals of the other half of a key, in one wording for every container.
 * @module
 */

import { KeyError } from "../errors.js";

/**
 * Makes the error for a public key where a private one is needed.
 *
 * @internal
 * @returns the error, to be thrown
 */
export function publicKeyArrived(): KeyError {
	return new KeyError("key/private-expected", "a public key arrived where a private key is needed");
}

/**
 * Makes the error for a private key where a public one is needed.
 *
 * @internal
 * @returns the error, to be thrown
 */
export function privateKeyArrived(): KeyError {
	return new KeyError("key/public-expected", "a private key arrived where a public key is needed");
}
