/**
 * The types of keys, by their common names, and the two envelopes that contain a key of any type and name the type:
 * SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7) and PrivateKeyInfo (RFC 5208, RFC 5958).
 * @module
 */
import { KeyError } from "../../errors/errors.js";
import type { KeyAlgorithm } from "../algorithm.js";
import { type DerReader, parseSequence, TAG } from "./der.js";

const EC_PUBLIC_KEY = "1.2.840.10045.2.1";
const RSA_ENCRYPTION = "1.2.840.113549.1.1.1";

/** RFC 5480, 5639; SEC 2. */
const CURVES: ReadonlyMap<string, string> = new Map([
	["1.3.132.0.10", "secp256k1"],
	["1.2.840.10045.3.1.7", "P-256"],
	["1.3.132.0.33", "P-224"],
	["1.3.132.0.34", "P-384"],
	["1.3.132.0.35", "P-521"],
	["1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1"],
	["1.2.156.10197.1.301", "SM2"],
]);

/** Of keys that name no curve: RFC 3279, 8410. */
const ALGORITHMS: ReadonlyMap<string, string> = new Map([
	[RSA_ENCRYPTION, "RSA"],
	["1.2.840.113549.1.1.10", "RSA-PSS"],
	["1.2.840.113549.1.3.1", "Diffie-Hellman"],
	["1.2.840.10040.4.1", "DSA"],
	["1.3.101.110", "X25519"],
	["1.3.101.111", "X448"],
	["1.3.101.112", "Ed25519"],
	["1.3.101.113", "Ed448"],
]);

const KEY_TYPES: Readonly<Record<KeyAlgorithm, string>> = { ES256K: "secp256k1", RS256: "RSA" };

/** Rejects a key whose type doesn't match the algorithm. */
export function assertKeyType(keyType: string, algorithm: KeyAlgorithm): void {
	const expected = KEY_TYPES[algorithm];
	if (keyType === expected) return;
	const other = (Object.keys(KEY_TYPES) as KeyAlgorithm[]).find((name) => KEY_TYPES[name] === keyType);
	const advice = other === undefined ? "" : `; for such a key, use the algorithm ${other}`;
	throw new KeyError("key/wrong-algorithm", `${algorithm} needs a key of type ${expected}, got ${keyType}${advice}`, {
		details: { algorithm, expected, actual: keyType },
	});
}

/** Reads the key type from an AlgorithmIdentifier (RFC 5280 section 4.1.1.2). */
function readKeyType(reader: DerReader): string {
	const identifier = reader.readInside("the algorithm");
	const algorithm = identifier.readObjectIdentifier("the algorithm's identifier");
	if (algorithm === RSA_ENCRYPTION) {
		// RFC 3279 section 2.3.1: the parameters of rsaEncryption are NULL.
		const content = identifier.read(TAG.null, "the NULL of RSA's parameters");
		if (content.length > 0) throw new SyntaxError("DER: RSA's parameters are not NULL");
		identifier.end("the algorithm");
	}
	if (algorithm !== EC_PUBLIC_KEY) return nameOf(ALGORITHMS, algorithm);
	const curve = readCurve(identifier);
	identifier.end("the algorithm");
	return curve;
}

/** Reads ECParameters (RFC 5480 section 2.1.1). */
export function readCurve(reader: DerReader): string {
	if (reader.nextTag === TAG.sequence) {
		reader.read(TAG.sequence, "the curve");
		return "EC with explicit parameters (a curve must be named)";
	}
	return nameOf(CURVES, reader.readObjectIdentifier("the curve"));
}

function nameOf(names: ReadonlyMap<string, string>, identifier: string): string {
	return names.get(identifier) ?? `unknown (${identifier})`;
}

export interface PrivateKeyInfo {
	/** A curve, or RSA. */
	readonly keyType: string;
	/** The private key in its type's own structure. */
	readonly privateKey: Uint8Array;
	/** The public key that RFC 5958 allows next to it. */
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
		if (info.readSmallInteger("the version") > 1) throw new SyntaxError("DER: the PKCS#8 version is not 0 or 1");
		const keyType = readKeyType(info);
		assertKeyType(keyType, algorithm);
		const privateKey = info.read(TAG.octetString, "the private key");
		if (info.nextTag === TAG.context0) info.read(TAG.context0, "the attributes");
		const hasPublicKey = info.nextTag === TAG.implicit1;
		const publicKey = hasPublicKey ? info.readBits("the public key", TAG.implicit1) : undefined;
		return { keyType, privateKey, publicKey };
	});
}
