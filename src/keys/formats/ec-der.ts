/**
 * The DER structures of secp256k1 keys: SubjectPublicKeyInfo (RFC 5480), ECPrivateKey (RFC 5915),
 * PrivateKeyInfo (RFC 5208, RFC 5958).
 * @module
 */

import { DerReader, encodeDer, TAG } from "./der.js";
import { readCurve, requireKind } from "./key-algorithms.js";
import { openPkcs8 } from "./key-info.js";

const OID_EC_PUBLIC_KEY = [0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const OID_SECP256K1 = [0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x0a];
const ALGORITHM = encodeDer(TAG.sequence, OID_EC_PUBLIC_KEY, OID_SECP256K1);
const VERSION_0 = [TAG.integer, 1, 0];
const VERSION_1 = [TAG.integer, 1, 1];

/** A private key as a container holds it, before any check of its numbers. */
export interface RawPrivateKey {
	readonly scalar: Uint8Array;
	/** The public points stored beside it: each must match. */
	readonly points: readonly Uint8Array[];
}

/** Reads an ECPrivateKey. */
export function parseSec1(der: Uint8Array, outerCurve?: string): RawPrivateKey {
	const outer = new DerReader(der);
	const key = outer.readInside("the EC private key");
	outer.end("the EC private key");
	if (key.readSmallInteger("the version") !== 1)
		throw new SyntaxError("DER: the EC private key's version is not 1");
	const scalar = key.read(TAG.octetString, "the private scalar");
	const curves = outerCurve === undefined ? [] : [outerCurve];
	if (key.nextTag === TAG.context0) {
		const parameters = key.readInside("the parameters", TAG.context0);
		curves.push(readCurve(parameters));
		parameters.end("the parameters");
	}
	if (curves.length === 0) throw new SyntaxError("DER: the EC private key names no curve");
	for (const curve of curves) requireKind(curve, "ES256K");
	if (scalar.length !== 32) throw new SyntaxError("DER: the private scalar is not 32 bytes");
	const points: Uint8Array[] = [];
	if (key.nextTag === TAG.context1) {
		const half = key.readInside("the public half", TAG.context1);
		points.push(half.readBits("the public half"));
		half.end("the public half");
	}
	key.end("the EC private key");
	return { scalar, points };
}

/** Reads a PrivateKeyInfo or OneAsymmetricKey, version 0 or 1, with or without trailers. */
export function parsePkcs8(der: Uint8Array): RawPrivateKey {
	const { kind, key, half } = openPkcs8(der, "ES256K");
	const { scalar, points } = parseSec1(key, kind);
	return { scalar, points: half === undefined ? points : [...points, half] };
}

/** Reads the content of an EC PARAMETERS block. */
export function parseEcParameters(der: Uint8Array): string {
	const reader = new DerReader(der);
	const curve = readCurve(reader);
	reader.end("the EC parameters");
	return curve;
}

/** Writes a SubjectPublicKeyInfo as OpenSSL does. */
export function encodeSpki(point: Uint8Array): Uint8Array<ArrayBuffer> {
	return encodeDer(TAG.sequence, ALGORITHM, encodeDer(TAG.bitString, [0], point));
}

/** Writes an ECPrivateKey with its curve and public half, as `openssl ecparam -genkey -noout` does. */
export function encodeSec1(scalar: Uint8Array, point: Uint8Array): Uint8Array<ArrayBuffer> {
	return encodeEcPrivateKey(scalar, point, encodeDer(TAG.context0, OID_SECP256K1));
}

/** Writes a PrivateKeyInfo, as `openssl pkcs8 -topk8 -nocrypt` does. */
export function encodePkcs8(scalar: Uint8Array, point: Uint8Array): Uint8Array<ArrayBuffer> {
	const key = encodeEcPrivateKey(scalar, point, []);
	return encodeDer(TAG.sequence, VERSION_0, ALGORITHM, encodeDer(TAG.octetString, key));
}

function encodeEcPrivateKey(
	scalar: Uint8Array,
	point: Uint8Array,
	parameters: Uint8Array | readonly number[],
): Uint8Array<ArrayBuffer> {
	const half = encodeDer(TAG.context1, encodeDer(TAG.bitString, [0], point));
	return encodeDer(TAG.sequence, VERSION_1, encodeDer(TAG.octetString, scalar), parameters, half);
}
