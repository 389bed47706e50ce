/**
 * Signatures over bytes, for whoever brings their own envelope.
 * @module
 */

import { copyBytes, isBytes } from "../encoding/bytes.js";
import { KeyError } from "../errors/errors.js";
import type { KeyAlgorithm } from "./algorithm.js";
import { PrivateKey, signSync } from "./private-key.js";
import { type PublicKey, verifySync } from "./public-key.js";
import { isRsaPrivateKey, type RsaPrivateKey, signRsa } from "./rsa-private-key.js";
import { isRsaPublicKey, type RsaPublicKey, verifyRsa } from "./rsa-public-key.js";
import { isSignatureShape, toLowS } from "./secp256k1/curve.js";
import type { Signer } from "./signer.js";

/** RSA signatures of 2,048 to 8,192 bits, where no public key says how many. */
const RSA_SIGNATURE_LENGTHS = { min: 256, max: 1_024 };

/**
 * Signs bytes: ES256K is ECDSA over SHA-256 (RFC 8812 section 3.2), deterministic (RFC 6979) with a local
 * key and low-S always; RS256 is RSASSA-PKCS1-v1_5 over SHA-256 (RFC 7518 section 3.3). Every signature is
 * verified before it is returned wherever the signer tells its public key.
 *
 * @example
 * ```ts
 * import { importPrivateKey, signData, verifyData } from "orgpass/keys";
 *
 * const key = await importPrivateKey(`0x${"11".repeat(32)}`);
 * const data = new TextEncoder().encode("data");
 * const signature = await signData(key, data);
 * signature.length; // => 64
 * await verifyData(key.publicKey, data, signature); // => true
 * ```
 * @param key a private key, or any {@link Signer}
 * @param bytes what to sign, not yet hashed; never changed
 * @returns 64 bytes r||s for ES256K, as many bytes as the modulus for RS256
 * @throws TypeError when the bytes are none
 * @throws {KeyError} `key/signing-fault` when the signer's result does not verify, `key/wrong-algorithm`
 */
export async function signData(
	key: PrivateKey | RsaPrivateKey | Signer,
	bytes: Uint8Array,
): Promise<Uint8Array> {
	const data = copyBytes(bytes, "the data");
	if (key instanceof PrivateKey) return signSync(key, data);
	if (isRsaPrivateKey(key)) return signRsa(key, data);
	requireSigner(key);
	const { algorithm, publicKey } = key;
	// The signer gets its own copy, so that what is verified is what was asked for.
	const signature = checkShape(algorithm, await key.sign(new Uint8Array(data)));
	if (publicKey === undefined || (await verifyData(publicKey, data, signature))) return signature;
	throw new KeyError("key/signing-fault", "the signer's signature does not verify with its public key");
}

/**
 * Verifies a signature over bytes, of the algorithm that the key is for: ES256K (RFC 8812 section 3.2, both
 * forms of S) or RS256 (RFC 7518 section 3.3). The key is prepared at its first use, later verifications
 * don't parse it again.
 *
 * @example
 * ```ts
 * import { generateKeyPair, signData, verifyData } from "orgpass/keys";
 *
 * const { privateKey, publicKey } = await generateKeyPair();
 * const data = new TextEncoder().encode("data");
 * const signature = await signData(privateKey, data);
 * await verifyData(publicKey, data, signature); // => true
 * await verifyData(publicKey, data.subarray(1), signature); // => false
 * await verifyData(publicKey, data, signature.subarray(1)); // => false
 * ```
 * @param key a public key
 * @param bytes what was signed, not yet hashed
 * @param signature any bytes; only 64 of the form r||s, or as many as the modulus has, can be a signature
 * @returns true for a good signature, false for every other
 * @throws TypeError when an argument is of the wrong type
 */
export async function verifyData(
	key: PublicKey | RsaPublicKey,
	bytes: Uint8Array,
	signature: Uint8Array,
): Promise<boolean> {
	return isRsaPublicKey(key) ? verifyRsa(key, bytes, signature) : verifySync(key, bytes, signature);
}

function requireSigner(value: unknown): asserts value is Signer {
	const { algorithm, publicKey, sign } = (value ?? {}) as Partial<Signer>;
	if (typeof sign !== "function") throw new TypeError("the key must be a PrivateKey or a Signer");
	if (algorithm !== "ES256K" && algorithm !== "RS256") {
		throw new KeyError("key/wrong-algorithm", "the signer is for neither ES256K nor RS256", {
			details: { algorithm },
		});
	}
	if (publicKey === undefined || isRsaPublicKey(publicKey) === (algorithm === "RS256")) return;
	throw new KeyError("key/wrong-algorithm", `the signer is for ${algorithm}, its public key is not`);
}

function checkShape(algorithm: KeyAlgorithm, signature: unknown): Uint8Array<ArrayBuffer> {
	if (algorithm === "RS256") {
		const { min, max } = RSA_SIGNATURE_LENGTHS;
		if (isBytes(signature) && signature.length >= min && signature.length <= max) {
			return new Uint8Array(signature);
		}
		throw new KeyError(
			"key/signing-fault",
			`the signer's result is no signature: ${min} bytes or more expected`,
		);
	}
	if (isBytes(signature) && isSignatureShape(signature)) return toLowS(signature);
	throw new KeyError("key/signing-fault", "the signer's result is no signature: 64 bytes r||s expected");
}
