/**
 * How private keys are written, unless they are encrypted.
 * @module
 */
import { encodeHex, type Hex } from "../encoding/hex.js";
import { findWriter, type Writers } from "./export-public-key.js";
import { encodeEcPkcs8, encodeEcPrivateKey } from "./formats/ec-der.js";
import { encodeEcPrivateJwk } from "./formats/ec-jwk.js";
import type { EcPrivateJwk, RsaPrivateJwk } from "./formats/jwk.js";
import { encodePem } from "./formats/pem.js";
import { encodeRsaPkcs8, encodeRsaPrivateKey } from "./formats/rsa-der.js";
import { encodeRsaPrivateJwk } from "./formats/rsa-jwk.js";
import { type PrivateKey, scalarOf } from "./private-key.js";
import { pointOf } from "./public-key.js";
import { isRsaPrivateKey, privateComponentsOf, type RsaPrivateKey } from "./rsa-private-key.js";

/** The results of `exportPrivateKey` for a secp256k1 key, by format. */
export interface PrivateKeyExports {
	/** ECPrivateKey as PEM (RFC 5915), like `openssl ecparam -genkey -noout`. */
	readonly sec1: string;
	/** PrivateKeyInfo as PEM (RFC 5208), like `openssl pkcs8 -topk8`; encrypted if a password is given. */
	readonly pkcs8: string;
	readonly jwk: EcPrivateJwk;
	/** The scalar: `0x` and 64 digits. */
	readonly hex: Hex;
	/** The scalar: 32 bytes. */
	readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The results of `exportPrivateKey` for an RSA key, by format. */
export interface RsaPrivateKeyExports {
	/** RSAPrivateKey as PEM (RFC 8017), like `openssl rsa -traditional`. */
	readonly pkcs1: string;
	/** PrivateKeyInfo as PEM (RFC 5208), like `openssl genpkey`; encrypted if a password is given. */
	readonly pkcs8: string;
	readonly jwk: RsaPrivateJwk;
}

const EC_WRITERS: Writers<PrivateKey, PrivateKeyExports> = {
	sec1: (key) => encodePem("EC PRIVATE KEY", encodeEcPrivateKey(scalarOf(key), pointOf(key.publicKey))),
	pkcs8: (key) => encodePem("PRIVATE KEY", encodePkcs8(key)),
	jwk: (key) => encodeEcPrivateJwk(scalarOf(key), pointOf(key.publicKey)),
	hex: (key) => encodeHex(scalarOf(key)),
	bytes: (key) => scalarOf(key).slice(),
};

const RSA_WRITERS: Writers<RsaPrivateKey, RsaPrivateKeyExports> = {
	pkcs1: (key) => encodePem("RSA PRIVATE KEY", encodeRsaPrivateKey(privateComponentsOf(key))),
	pkcs8: (key) => encodePem("PRIVATE KEY", encodePkcs8(key)),
	jwk: (key) => encodeRsaPrivateJwk(privateComponentsOf(key)),
};

/** Finds what writes a key in a format. */
export function findPrivateKeyWriter(key: PrivateKey | RsaPrivateKey, format: string): () => string | object {
	if (isRsaPrivateKey(key)) {
		const write = findWriter(RSA_WRITERS, format, "exportPrivateKey");
		return () => write(key);
	}
	const write = findWriter(EC_WRITERS, format, "exportPrivateKey");
	return () => write(key);
}

export function encodePkcs8(key: PrivateKey | RsaPrivateKey): Uint8Array<ArrayBuffer> {
	if (isRsaPrivateKey(key)) return encodeRsaPkcs8(privateComponentsOf(key));
	return encodeEcPkcs8(scalarOf(key), pointOf(key.publicKey));
}
