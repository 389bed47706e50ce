/**
 * The interface of anything that signs.
 * @module
 */
import * as v from "valibot";
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

/** How to get a private key from text, for messages about options. */
export const IMPORTED_KEY = "a PrivateKey, as from `await importPrivateKey(pem)`";

/** The schema of a minter's option `key`. */
export function signerOption(algorithm: KeyAlgorithm): v.GenericSchema<Signer> {
	const key =
		algorithm === "ES256K"
			? IMPORTED_KEY
			: 'an RsaPrivateKey, as from `await importPrivateKey(pem, { algorithm: "RS256" })`';
	return v.custom<Signer>(
		(value) => typeof (value as Partial<Signer> | null | undefined)?.sign === "function",
		`${key}, or a Signer`,
	);
}

/** Throws `key/wrong-algorithm` unless the signer is for the algorithm. */
export function assertAlgorithm(signer: Signer, algorithm: KeyAlgorithm): void {
	if (signer.algorithm === algorithm) return;
	throw new KeyError("key/wrong-algorithm", `expected a key for ${algorithm}, got one for ${signer.algorithm}`, {
		details: { expected: algorithm, actual: signer.algorithm },
	});
}
