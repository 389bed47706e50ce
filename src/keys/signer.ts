/**
 * The interface of anything that signs.
 * @module
 */
import { KeyError } from "../errors/errors.js";
import type { KeyAlgorithm } from "./algorithm.js";
import type { PublicKey } from "./public-key.js";
import type { RsaPublicKey } from "./rsa-public-key.js";

/** Anything that signs: a local {@link PrivateKey} or {@link RsaPrivateKey}, or a key in a KMS or HSM. */
export interface Signer {
	/** The algorithm of its signatures. */
	readonly algorithm: KeyAlgorithm;
	/** The key that verifies its signatures; if present, every signature is verified before use. */
	readonly publicKey?: PublicKey | RsaPublicKey | undefined;
	/** Hashes and signs the bytes: returns 64 bytes r||s for ES256K, as many bytes as the modulus for RS256. */
	sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** Throws `key/wrong-algorithm` unless the signer is for the algorithm. */
export function assertAlgorithm(signer: Signer, algorithm: KeyAlgorithm): void {
	if (signer.algorithm === algorithm) return;
	throw new KeyError("key/wrong-algorithm", `expected a key for ${algorithm}, got one for ${signer.algorithm}`, {
		details: { expected: algorithm, actual: signer.algorithm },
	});
}
