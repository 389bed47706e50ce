/**
 * Signatures over bytes, for whoever brings their own envelope.
 * @module
 */

import { KeyError } from "../errors.js";
import { copyBytes, isBytes } from "./bytes.js";
import { PrivateKey, signSync } from "./private-key.js";
import { type PublicKey, verifySync } from "./public-key.js";
import { isSignatureShape, toLowS } from "./secp256k1.js";
import type { Signer } from "./types.js";

/**
 * Signs bytes with ECDSA over SHA-256 (RFC 8812 section 3.2). A local key signs deterministically
 * (RFC 6979). Every signature is low-S, and is verified before it is returned wherever the signer
 * tells its public key.
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
 * @returns 64 bytes r||s
 * @throws TypeError when the bytes are none
 * @throws {KeyError} `key/signing-fault` when the signer's result does not verify, `key/wrong-algorithm`
 */
export async function signData(key: PrivateKey | Signer, bytes: Uint8Array): Promise<Uint8Array> {
	const data = copyBytes(bytes, "the data");
	if (key instanceof PrivateKey) return signSync(key, data);
	requireSigner(key);
	const { publicKey } = key;
	// The signer gets its own copy, so that what is verified is what was asked for.
	const signature = await key.sign(new Uint8Array(data));
	if (!isBytes(signature) || !isSignatureShape(signature)) {
		throw new KeyError("key/signing-fault", "the signer's result is no signature: 64 bytes r||s expected");
	}
	const lowS = toLowS(signature);
	if (publicKey === undefined || verifySync(publicKey, data, lowS)) return lowS;
	throw new KeyError("key/signing-fault", "the signer's signature does not verify with its public key");
}

/**
 * Verifies a signature over bytes: ECDSA over SHA-256 (RFC 8812 section 3.2). Both forms of S are
 * accepted. The key is prepared at its first use, later verifications don't parse it again.
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
 * @param signature any bytes; only 64 of the form r||s can be a signature
 * @returns true for a good signature, false for every other
 * @throws TypeError when an argument is of the wrong type
 */
export async function verifyData(key: PublicKey, bytes: Uint8Array, signature: Uint8Array): Promise<boolean> {
	return verifySync(key, bytes, signature);
}

function requireSigner(value: unknown): asserts value is Signer {
	const { algorithm, sign } = (value ?? {}) as Partial<Signer>;
	if (typeof sign !== "function") throw new TypeError("the key must be a PrivateKey or a Signer");
	if (algorithm !== "ES256K") {
		throw new KeyError("key/wrong-algorithm", "the signer is not for ES256K", { details: { algorithm } });
	}
}
