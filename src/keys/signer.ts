/**
 * The interface of anything that signs.
 * @module
 */
import type { KeyAlgorithm } from "./algorithm.js";
import type { PublicKey } from "./public-key.js";
import type { RsaPublicKey } from "./rsa-public-key.js";

/** Whatever signs: a local {@link PrivateKey} or {@link RsaPrivateKey}, or a remote KMS or HSM. */
export interface Signer {
	/** The algorithm its signatures are made with. */
	readonly algorithm: KeyAlgorithm;
	/** The key its signatures verify with; when it is there, every signature is checked before use. */
	readonly publicKey?: PublicKey | RsaPublicKey | undefined;
	/** Signs the bytes themselves (it hashes them): 64 bytes r||s for ES256K, the length of the modulus for RS256. */
	sign(bytes: Uint8Array): Promise<Uint8Array>;
}
