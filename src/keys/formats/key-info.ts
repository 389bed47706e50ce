/**
 * The two envelopes that hold a key of any type and name the type: SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7)
 * and PrivateKeyInfo (RFC 5208, RFC 5958).
 * @module
 */
import type { KeyAlgorithm } from "../algorithm.js";
import { parseSequence, TAG } from "./der.js";
import { assertKeyType, readKeyType } from "./key-types.js";

/** The content of a PrivateKeyInfo. */
export interface PrivateKeyInfo {
	/** A curve, or RSA. */
	readonly keyType: string;
	/** The private key in its type's own structure. */
	readonly privateKey: Uint8Array;
	/** The public key that RFC 5958 allows beside it. */
	readonly publicKey: Uint8Array | undefined;
}

/** Reads a SubjectPublicKeyInfo of the algorithm's key type. */
export function parseSpki(der: Uint8Array, algorithm: KeyAlgorithm): Uint8Array {
	return parseSequence(der, "the public key", (info) => {
		assertKeyType(readKeyType(info), algorithm);
		return info.readBits("the public key's bits");
	});
}

/** Reads a PrivateKeyInfo or OneAsymmetricKey (version 0 or 1) of the algorithm's key type. */
export function parsePkcs8(der: Uint8Array, algorithm: KeyAlgorithm): PrivateKeyInfo {
	return parseSequence(der, "the private key", (info) => {
		if (info.readSmallInteger("the version") > 1)
			throw new SyntaxError("DER: the PKCS#8 version is not 0 or 1");
		const keyType = readKeyType(info);
		assertKeyType(keyType, algorithm);
		const privateKey = info.read(TAG.octetString, "the private key");
		if (info.nextTag === TAG.context0) info.read(TAG.context0, "the attributes");
		const hasPublicKey = info.nextTag === TAG.implicit1;
		const publicKey = hasPublicKey ? info.readBits("the public key", TAG.implicit1) : undefined;
		return { keyType, privateKey, publicKey };
	});
}
