/**
 * The two envelopes that hold a key of any kind and say which: SubjectPublicKeyInfo (RFC 5280 section
 * 4.1.2.7) and PrivateKeyInfo (RFC 5208, RFC 5958).
 * @module
 */

import type { KeyAlgorithm } from "../algorithm.js";
import { DerReader, TAG } from "./der.js";
import { readKeyKind, requireKind } from "./key-algorithms.js";

/** What a PrivateKeyInfo holds. */
export interface PrivateKeyInfo {
	/** The kind it names: a curve, or RSA. */
	readonly kind: string;
	/** The private key in the form of its kind. */
	readonly key: Uint8Array;
	/** The public half of RFC 5958, where there is one. */
	readonly half: Uint8Array | undefined;
}

/** Opens a SubjectPublicKeyInfo of the algorithm asked for. */
export function openSpki(der: Uint8Array, algorithm: KeyAlgorithm): Uint8Array {
	const outer = new DerReader(der);
	const info = outer.readInside("the public key");
	outer.end("the public key");
	requireKind(readKeyKind(info), algorithm);
	const key = info.readBits("the public key's bits");
	info.end("the public key");
	return key;
}

/**
 * Opens a PrivateKeyInfo or OneAsymmetricKey of the algorithm asked for, version 0 or 1, with or without
 * trailers.
 */
export function openPkcs8(der: Uint8Array, algorithm: KeyAlgorithm): PrivateKeyInfo {
	const outer = new DerReader(der);
	const info = outer.readInside("the private key");
	outer.end("the private key");
	if (info.readSmallInteger("the version") > 1)
		throw new SyntaxError("DER: the PKCS#8 version is not 0 or 1");
	const kind = readKeyKind(info);
	requireKind(kind, algorithm);
	const key = info.read(TAG.octetString, "the private key");
	if (info.nextTag === TAG.context0) info.read(TAG.context0, "the attributes");
	const half = info.nextTag === TAG.implicit1 ? info.readBits("the public half", TAG.implicit1) : undefined;
	info.end("the private key");
	return { kind, key, half };
}
