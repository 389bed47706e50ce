/**
 * Signatures over bytes.
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
import { IMPORTED_KEY, type Signer } from "./signer.js";

/** RSA signatures have 2,048 to 8,192 bits. */
const RSA_SIGNATURE_LENGTHS = { min: 256, max: 1_024 };

/**
 * Signs bytes. ES256K is ECDSA with SHA-256 (RFC 8812 section 3.2), always low-S, and deterministic (RFC 6979) with a
 * local key; RS256 is RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 section 3.3). If the signer has a public key, the
 * signature is verified before it is returned.
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
 * @param bytes the bytes to sign, not their hash; not modified
 * @returns 64 bytes r||s for ES256K, as many bytes as the modulus for RS256
 * @throws TypeError if `bytes` isn't a Uint8Array
 * @throws {KeyError} `key/signing-fault` if the signer's result doesn't verify, `key/wrong-algorithm`
 */
export async function signData(key: PrivateKey | RsaPrivateKey | Signer, bytes: Uint8Array): Promise<Uint8Array> {
	const data = copyBytes(bytes, "the data");
	if (key instanceof PrivateKey) return signSync(key, data);
	if (isRsaPrivateKey(key)) return signRsa(key, data);
	assertSigner(key);
	const { algorithm, publicKey } = key;
	// The signer gets its own copy, so that it can't change what is verified.
	const signature = parseSignature(algorithm, await key.sign(new Uint8Array(data)));
	if (publicKey === undefined || (await verifyData(publicKey, data, signature))) return signature;
	throw new KeyError("key/signing-fault", "the signer's signature does not verify with its public key");
}

/**
 * Verifies a signature over bytes with the key's algorithm: ES256K (RFC 8812 section 3.2, low and high S) or RS256
 * (RFC 7518 section 3.3). The key is prepared once, on first use.
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
 * @param bytes the bytes that were signed, not their hash
 * @param signature 64 bytes r||s, or as many bytes as the modulus; any other bytes are not a valid signature
 * @returns true if the signature is valid, else false
 * @throws TypeError if an argument has the wrong type
 */
export async function verifyData(
	key: PublicKey | RsaPublicKey,
	bytes: Uint8Array,
	signature: Uint8Array,
): Promise<boolean> {
	const data = copyBytes(bytes, "the data");
	const candidate = copyBytes(signature, "the signature");
	return isRsaPublicKey(key) ? verifyRsa(key, data, candidate) : verifySync(key, data, candidate);
}

function assertSigner(value: unknown): asserts value is Signer {
	const { algorithm, publicKey, sign } = (value ?? {}) as Partial<Signer>;
	if (typeof sign !== "function") throw new TypeError(`the key must be ${IMPORTED_KEY}, or a Signer`);
	if (algorithm !== "ES256K" && algorithm !== "RS256") {
		throw new KeyError("key/wrong-algorithm", "the signer's algorithm is neither ES256K nor RS256", {
			details: { algorithm },
		});
	}
	if (publicKey === undefined || isRsaPublicKey(publicKey) === (algorithm === "RS256")) return;
	throw new KeyError("key/wrong-algorithm", `the signer's public key is not for its algorithm ${algorithm}`);
}

function parseSignature(algorithm: KeyAlgorithm, signature: unknown): Uint8Array<ArrayBuffer> {
	if (algorithm === "RS256") {
		const { min, max } = RSA_SIGNATURE_LENGTHS;
		if (isBytes(signature) && signature.length >= min && signature.length <= max) {
			return new Uint8Array(signature);
		}
		throw new KeyError("key/signing-fault", `expected a signature of at least ${min} bytes from the signer`);
	}
	if (isBytes(signature) && isSignatureShape(signature)) return toLowS(signature);
	throw new KeyError("key/signing-fault", "expected a signature of 64 bytes r||s from the signer");
}
