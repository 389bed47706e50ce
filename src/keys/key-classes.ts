/**
 * The key classes by algorithm.
 * @module
 */
import type { PrivateKey } from "./private-key.js";
import type { PublicKey } from "./public-key.js";
import type { RsaPrivateKey } from "./rsa-private-key.js";
import type { RsaPublicKey } from "./rsa-public-key.js";

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
