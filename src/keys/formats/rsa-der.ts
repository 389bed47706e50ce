/**
 * The DER structures of RSA keys: RSAPublicKey and RSAPrivateKey (RFC 8017 appendix A.1), alone (PKCS#1) and
 * in the envelopes of all keys (SPKI, PKCS#8).
 * @module
 */

import {
	type RsaPrivateNumbers,
	type RsaPublicNumbers,
	toBigInt,
	toMinimalBytes,
} from "../rsa-components.js";
import { DerReader, encodeDer, TAG } from "./der.js";
import { requireKind } from "./key-algorithms.js";
import { openPkcs8, openSpki } from "./key-info.js";

const OID_RSA_ENCRYPTION = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const ALGORITHM = encodeDer(TAG.sequence, OID_RSA_ENCRYPTION, [TAG.null, 0]);
const VERSION_0 = [TAG.integer, 1, 0];

/** A private key as a container holds it, before any check of its numbers. */
export interface RawRsaPrivateKey {
	readonly numbers: RsaPrivateNumbers;
	/** The public half stored beside it, where there is one. */
	readonly half?: RsaPublicNumbers | undefined;
}

/** Reads an RSAPublicKey. */
export function parseRsaPublicKey(der: Uint8Array): RsaPublicNumbers {
	const outer = new DerReader(der);
	const key = outer.readInside("the RSA public key");
	outer.end("the RSA public key");
	const n = readNumber(key, "the modulus");
	const e = readNumber(key, "the public exponent");
	key.end("the RSA public key");
	return { n, e };
}

/** Reads an RSAPrivateKey. */
export function parseRsaPrivateKey(der: Uint8Array): RawRsaPrivateKey {
	const outer = new DerReader(der);
	const key = outer.readInside("the RSA private key");
	outer.end("the RSA private key");
	const version = key.readSmallInteger("the version");
	if (version === 1) requireKind("RSA of more than two primes", "RS256");
	if (version !== 0) throw new SyntaxError("DER: the RSA private key's version is not 0");
	const numbers = {
		n: readNumber(key, "the modulus"),
		e: readNumber(key, "the public exponent"),
		d: readNumber(key, "the private exponent"),
		p: readNumber(key, "the first prime"),
		q: readNumber(key, "the second prime"),
		dp: readNumber(key, "the first exponent"),
		dq: readNumber(key, "the second exponent"),
		qi: readNumber(key, "the coefficient"),
	};
	key.end("the RSA private key");
	return { numbers };
}

/** Reads a SubjectPublicKeyInfo. */
export function parseRsaSpki(der: Uint8Array): RsaPublicNumbers {
	return parseRsaPublicKey(openSpki(der, "RS256"));
}

/** Reads a PrivateKeyInfo or OneAsymmetricKey. */
export function parseRsaPkcs8(der: Uint8Array): RawRsaPrivateKey {
	const { key, half } = openPkcs8(der, "RS256");
	return { ...parseRsaPrivateKey(key), half: half && parseRsaPublicKey(half) };
}

/** Writes an RSAPublicKey, as `openssl rsa -RSAPublicKey_out` does. */
export function encodeRsaPublicKey({ n, e }: RsaPublicNumbers): Uint8Array<ArrayBuffer> {
	return encodeDer(TAG.sequence, encodeNumber(n), encodeNumber(e));
}

/** Writes a SubjectPublicKeyInfo, as `openssl rsa -pubout` does. */
export function encodeRsaSpki(numbers: RsaPublicNumbers): Uint8Array<ArrayBuffer> {
	return encodeDer(TAG.sequence, ALGORITHM, encodeDer(TAG.bitString, [0], encodeRsaPublicKey(numbers)));
}

/** Writes an RSAPrivateKey, as `openssl rsa -traditional` does. */
export function encodeRsaPrivateKey(numbers: RsaPrivateNumbers): Uint8Array<ArrayBuffer> {
	const { n, e, d, p, q, dp, dq, qi } = numbers;
	return encodeDer(TAG.sequence, VERSION_0, ...[n, e, d, p, q, dp, dq, qi].map(encodeNumber));
}

/** Writes a PrivateKeyInfo, as `openssl pkcs8 -topk8 -nocrypt` does. */
export function encodeRsaPkcs8(numbers: RsaPrivateNumbers): Uint8Array<ArrayBuffer> {
	const key = encodeDer(TAG.octetString, encodeRsaPrivateKey(numbers));
	return encodeDer(TAG.sequence, VERSION_0, ALGORITHM, key);
}

function readNumber(key: DerReader, what: string): bigint {
	return toBigInt(key.readUnsignedInteger(what));
}

/** A leading zero byte keeps a number whose first bit is set from being negative. */
function encodeNumber(value: bigint): Uint8Array<ArrayBuffer> {
	const bytes = toMinimalBytes(value);
	return encodeDer(TAG.integer, (bytes[0] as number) > 0x7f ? [0] : [], bytes);
}
