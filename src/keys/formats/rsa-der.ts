/**
 * The DER structures of RSA keys: RSAPublicKey and RSAPrivateKey (RFC 8017 appendix A.1), by themselves (PKCS#1) and
 * in the envelopes of all keys (SPKI, PKCS#8).
 * @module
 */
import {
	mapRsaComponents,
	type RsaPrivateComponents,
	type RsaPublicComponents,
	toBigInt,
	toMinimalBytes,
} from "../rsa-components.js";
import { type DerReader, encodeDer, parseSequence, TAG } from "./der.js";
import { assertKeyType, parsePkcs8, parseSpki } from "./key-types.js";

const OID_RSA_ENCRYPTION = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const ALGORITHM = [0x30, 0x0d, ...OID_RSA_ENCRYPTION, TAG.null, 0];
const VERSION_0 = [TAG.integer, 1, 0];

/** A parsed private key whose components haven't been checked. */
export interface RawRsaPrivateKey {
	readonly components: RsaPrivateComponents;
	/** The public key stored with it, if any. */
	readonly publicKey?: RsaPublicComponents | undefined;
}

export function parseRsaPublicKey(der: Uint8Array): RsaPublicComponents {
	return parseSequence(der, "the RSA public key", (key) => ({
		n: readInteger(key, "the modulus"),
		e: readInteger(key, "the public exponent"),
	}));
}

export function parseRsaPrivateKey(der: Uint8Array): RawRsaPrivateKey {
	return parseSequence(der, "the RSA private key", (key) => {
		const version = key.readSmallInteger("the version");
		if (version === 1) assertKeyType("RSA with more than two primes", "RS256");
		if (version !== 0) throw new SyntaxError("DER: the RSA private key's version is not 0");
		return { components: mapRsaComponents((name) => readInteger(key, `the component ${name}`)) };
	});
}

/** Reads a SubjectPublicKeyInfo. */
export function parseRsaSpki(der: Uint8Array): RsaPublicComponents {
	return parseRsaPublicKey(parseSpki(der, "RS256"));
}

/** Reads a PrivateKeyInfo or OneAsymmetricKey. */
export function parseRsaPkcs8(der: Uint8Array): RawRsaPrivateKey {
	const { privateKey, publicKey } = parsePkcs8(der, "RS256");
	return { ...parseRsaPrivateKey(privateKey), publicKey: publicKey && parseRsaPublicKey(publicKey) };
}

/** Encodes an RSAPublicKey, as `openssl rsa -RSAPublicKey_out` does. */
export function encodeRsaPublicKey({ n, e }: RsaPublicComponents): Uint8Array<ArrayBuffer> {
	return encodeDer(TAG.sequence, encodeInteger(n), encodeInteger(e));
}

/** Encodes a SubjectPublicKeyInfo, as `openssl rsa -pubout` does. */
export function encodeRsaSpki(components: RsaPublicComponents): Uint8Array<ArrayBuffer> {
	return encodeDer(TAG.sequence, ALGORITHM, encodeDer(TAG.bitString, [0], encodeRsaPublicKey(components)));
}

/** Encodes an RSAPrivateKey, as `openssl rsa -traditional` does. */
export function encodeRsaPrivateKey(components: RsaPrivateComponents): Uint8Array<ArrayBuffer> {
	const integers = Object.values(mapRsaComponents((name) => encodeInteger(components[name])));
	return encodeDer(TAG.sequence, VERSION_0, ...integers);
}

/** Encodes a PrivateKeyInfo, as `openssl pkcs8 -topk8 -nocrypt` does. */
export function encodeRsaPkcs8(components: RsaPrivateComponents): Uint8Array<ArrayBuffer> {
	const key = encodeDer(TAG.octetString, encodeRsaPrivateKey(components));
	return encodeDer(TAG.sequence, VERSION_0, ALGORITHM, key);
}

function readInteger(key: DerReader, what: string): bigint {
	return toBigInt(key.readUnsignedInteger(what));
}

/** A leading zero byte keeps an integer whose first bit is set from being negative. */
function encodeInteger(value: bigint): Uint8Array<ArrayBuffer> {
	const bytes = toMinimalBytes(value);
	return encodeDer(TAG.integer, (bytes[0] as number) > 0x7f ? [0] : [], bytes);
}
