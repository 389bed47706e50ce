/**
 * The refusals of the other half of a key, in one wording for every container, and of keys that are imported already.
 * @module
 */

import { KeyError } from "../errors/errors.js";
import type { KeyAlgorithm } from "./algorithm.js";
import { requireKind } from "./formats/key-algorithms.js";
import { PrivateKey } from "./private-key.js";
import { isPublicKey } from "./public-key.js";
import { RsaPrivateKey } from "./rsa-private-key.js";
import { isRsaPublicKey } from "./rsa-public-key.js";

/** Makes the error for a public key where a private one is needed. */
export function publicKeyArrived(): KeyError {
	return new KeyError("key/private-expected", "a public key arrived where a private key is needed");
}

/** Makes the error for a private key where a public one is needed. */
export function privateKeyArrived(): KeyError {
	return new KeyError("key/public-expected", "a private key arrived where a public key is needed");
}

/**
 * Refuses a key object where a container is expected: the other half, a key for another algorithm, or a key that
 * needs no import.
 */
export function refuseKeyObject(input: unknown, half: "private" | "public", algorithm: KeyAlgorithm): void {
	const isPrivate = input instanceof PrivateKey || input instanceof RsaPrivateKey;
	if (!isPrivate && !isPublicKey(input) && !isRsaPublicKey(input)) return;
	if (isPrivate !== (half === "private")) throw isPrivate ? privateKeyArrived() : publicKeyArrived();
	requireKind(input.algorithm === "RS256" ? "RSA" : "secp256k1", algorithm);
	throw new KeyError("key/unrecognized", "the key is imported already: use it as it is");
}
