/**
 * The key classes by algorithm, and the errors for a key of the wrong class.
 * @module
 */
import { KeyError } from "../errors/errors.js";
import type { KeyAlgorithm } from "./algorithm.js";
import { assertKeyType } from "./formats/key-types.js";
import { PrivateKey } from "./private-key.js";
import { isPublicKey, type PublicKey } from "./public-key.js";
import { RsaPrivateKey } from "./rsa-private-key.js";
import { isRsaPublicKey, type RsaPublicKey } from "./rsa-public-key.js";

/** The classes of private keys, by algorithm. */
export interface PrivateKeys {
	readonly ES256K: PrivateKey;
	readonly RS256: RsaPrivateKey;
}

/** The classes of public keys, by algorithm. */
export interface PublicKeys {
	readonly ES256K: PublicKey;
	readonly RS256: RsaPublicKey;
}

/** Creates the error for a public key where a private one is needed. */
export function expectedPrivateKey(): KeyError {
	return new KeyError("key/private-expected", "expected a private key, got a public key");
}

/** Creates the error for a private key where a public one is needed. */
export function expectedPublicKey(): KeyError {
	return new KeyError("key/public-expected", "expected a public key, got a private key");
}

export function assertNotKeyObject(input: unknown, expected: "private" | "public", algorithm: KeyAlgorithm): void {
	const isPrivate = input instanceof PrivateKey || input instanceof RsaPrivateKey;
	if (!isPrivate && !isPublicKey(input) && !isRsaPublicKey(input)) return;
	if (isPrivate && expected === "public") throw expectedPublicKey();
	if (!isPrivate && expected === "private") throw expectedPrivateKey();
	assertKeyType(input.algorithm === "RS256" ? "RSA" : "secp256k1", algorithm);
	throw new KeyError("key/unrecognized", "the key is already imported: use it directly");
}
