/**
 * The key classes by the algorithm they are for.
 * @module
 */
import type { PrivateKey } from "./private-key.js";
import type { PublicKey } from "./public-key.js";
import type { RsaPrivateKey } from "./rsa-private-key.js";
import type { RsaPublicKey } from "./rsa-public-key.js";

/** The class of an algorithm's private keys. */
export interface PrivateKeys {
	readonly ES256K: PrivateKey;
	readonly RS256: RsaPrivateKey;
}

/** The class of an algorithm's public keys. */
export interface PublicKeys {
	readonly ES256K: PublicKey;
	readonly RS256: RsaPublicKey;
}
