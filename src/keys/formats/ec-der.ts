/**
 * The DER structures of secp256k1 keys: SubjectPublicKeyInfo (RFC 5480), ECPrivateKey (RFC 5915) and
 * PrivateKeyInfo (RFC 5208, RFC 5958).
 * @module
 */
import { DerReader, encodeDer, parseSequence, TAG } from "./der.js";
import { assertKeyType, parsePkcs8, readCurve } from "./key-types.js";

const OID_EC_PUBLIC_KEY = [0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const OID_SECP256K1 = [0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x0a];
const ALGORITHM = [0x30, 0x10, ...OID_EC_PUBLIC_KEY, ...OID_SECP256K1];
const VERSION_0 = [TAG.integer, 1, 0];
const VERSION_1 = [TAG.integer, 1, 1];

/** A parsed private key whose values haven't been checked. */
export interface RawEcPrivateKey {
	readonly scalar: Uint8Array;
	/** The public points stored with it: each must match. */
	readonly points: readonly Uint8Array[];
}

/** Reads an ECPrivateKey; `outerCurve` is the curve that its envelope or EC PARAMETERS block names. */
export function parseEcPrivateKey(der: Uint8Array, outerCurve?: string): RawEcPrivateKey {
	return parseSequence(der, "the EC private key", (key) => {
		if (key.readSmallInteger("the version") !== 1) {
			throw new SyntaxError("DER: the EC private key's version is not 1");
		}
		const scalar = key.read(TAG.octetString, "the private scalar");
		const curves = outerCurve === undefined ? [] : [outerCurve];
		if (key.nextTag === TAG.context0) {
			const parameters = key.readInside("the parameters", TAG.context0);
			curves.push(readCurve(parameters));
			parameters.end("the parameters");
		}
		if (curves.length === 0) throw new SyntaxError("DER: the EC private key names no curve");
		for (const curve of curves) assertKeyType(curve, "ES256K");
		if (scalar.length !== 32) throw new SyntaxError("DER: the private scalar is not 32 bytes");
		const points: Uint8Array[] = [];
		if (key.nextTag === TAG.context1) {
			const publicKey = key.readInside("the public key", TAG.context1);
			points.push(publicKey.readBits("the public key"));
			publicKey.end("the public key");
		}
		return { scalar, points };
	});
}

/** Reads a PrivateKeyInfo or OneAsymmetricKey. */
export function parseEcPkcs8(der: Uint8Array): RawEcPrivateKey {
	const { keyType, privateKey, publicKey } = parsePkcs8(der, "ES256K");
	const { scalar, points } = parseEcPrivateKey(privateKey, keyType);
	return { scalar, points: publicKey === undefined ? points : [...points, publicKey] };
}

/** Reads the content of an EC PARAMETERS block. */
export function parseEcParameters(der: Uint8Array): string {
	const reader = new DerReader(der);
	const curve = readCurve(reader);
	reader.end("the EC parameters");
	return curve;
}

/** Encodes a SubjectPublicKeyInfo as OpenSSL does. */
export function encodeEcSpki(point: Uint8Array): Uint8Array<ArrayBuffer> {
	return encodeDer(TAG.sequence, ALGORITHM, encodeDer(TAG.bitString, [0], point));
}

/** Encodes an ECPrivateKey, as `openssl ecparam -genkey -noout` does: with its curve unless `parameters` is empty. */
export function encodeEcPrivateKey(
	scalar: Uint8Array,
	point: Uint8Array,
	parameters: Uint8Array | readonly number[] = encodeDer(TAG.context0, OID_SECP256K1),
): Uint8Array<ArrayBuffer> {
	const publicKey = encodeDer(TAG.context1, encodeDer(TAG.bitString, [0], point));
	return encodeDer(TAG.sequence, VERSION_1, encodeDer(TAG.octetString, scalar), parameters, publicKey);
}

/** Encodes a PrivateKeyInfo, as `openssl pkcs8 -topk8 -nocrypt` does. */
export function encodeEcPkcs8(scalar: Uint8Array, point: Uint8Array): Uint8Array<ArrayBuffer> {
	const key = encodeDer(TAG.octetString, encodeEcPrivateKey(scalar, point, []));
	return encodeDer(TAG.sequence, VERSION_0, ALGORITHM, key);
}
