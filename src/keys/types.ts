/**
 * The types of keys as they cross the border of the package.
 * @module
 */

import type { Hex } from "../encoding/hex.js";
import type { PrivateKey } from "./private-key.js";
import type { PublicKey } from "./public-key.js";
import type { RsaPrivateKey } from "./rsa-private-key.js";
import type { RsaPublicKey } from "./rsa-public-key.js";

export type { Hex } from "../encoding/hex.js";

/**
 * The signature algorithms a key can be made for, by their JOSE names: RFC 8812 for ES256K, RFC 7518
 * section 3.3 for RS256.
 */
export type KeyAlgorithm = "ES256K" | "RS256";

/** The class of an algorithm's private keys. */
export interface PrivateKeys {
	readonly ES256K: PrivateKey;
	readonly RS256: RsaPrivateKey;
}

/** The class of an algorithm's public keys. */
export interface PublicKeys {
	readonly ES256K: PublicKey;
	readonly RS256: RsaPublicKey;
}

/** Whatever signs: a local {@link PrivateKey} or {@link RsaPrivateKey}, or a remote KMS or HSM. */
export interface Signer {
	/** The algorithm its signatures are made with. */
	readonly algorithm: KeyAlgorithm;
	/** The key its signatures verify with; when it is there, every signature is checked before use. */
	readonly publicKey?: PublicKey | RsaPublicKey | undefined;
	/** Signs the bytes themselves (it hashes them): 64 bytes r||s for ES256K, the length of the modulus for RS256. */
	sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** A secp256k1 public key as JWK (RFC 7517, RFC 8812 section 3.1). */
export interface EcPublicJwk {
	readonly kty: "EC";
	readonly crv: "secp256k1";
	/** 43 characters of base64url. */
	readonly x: string;
	/** 43 characters of base64url. */
	readonly y: string;
}

/** A secp256k1 private key as JWK (RFC 7517, RFC 8812 section 3.1). */
export interface EcPrivateJwk extends EcPublicJwk {
	/** The secret: 43 characters of base64url. */
	readonly d: string;
}

/** An RSA public key as JWK (RFC 7518 section 6.3.1). */
export interface RsaPublicJwk {
	readonly kty: "RSA";
	/** The modulus in base64url. */
	readonly n: string;
	/** The public exponent in base64url, `AQAB` nearly always. */
	readonly e: string;
}

/** An RSA private key as JWK (RFC 7518 section 6.3.2): all members but the public ones are secret. */
export interface RsaPrivateJwk extends RsaPublicJwk {
	readonly d: string;
	readonly p: string;
	readonly q: string;
	readonly dp: string;
	readonly dq: string;
	readonly qi: string;
}

/** A JWK or keystore by whatever type a library gives it: every member is checked before use. */
export type JwkInput = object;

/** The members of an object from outside, none of them checked yet. */
export type UncheckedMembers = Readonly<Record<string, unknown>>;

/** An account file of the Web3 Secret Storage Definition, version 3. */
export interface KeystoreV3 {
	readonly version: 3;
	/** A random UUID. */
	readonly id: string;
	/** 40 lower-case hexadecimal digits without `0x`. */
	readonly address: string;
	readonly crypto: {
		readonly cipher: "aes-128-ctr";
		readonly cipherparams: { readonly iv: string };
		readonly ciphertext: string;
		readonly kdf: "scrypt";
		readonly kdfparams: {
			readonly dklen: 32;
			readonly n: number;
			readonly r: number;
			readonly p: number;
			readonly salt: string;
		};
		readonly mac: string;
	};
}

/** What each format name of {@link exportPublicKey} gives for a secp256k1 key. */
export interface PublicKeyExports {
	/** SubjectPublicKeyInfo as PEM (RFC 5280), the form of `openssl ec -pubout`. */
	readonly spki: string;
	/** The same without armour, one line of base64. */
	readonly "spki-base64": string;
	readonly jwk: EcPublicJwk;
	/** The uncompressed point: `0x04` and 128 digits. */
	readonly hex: Hex;
	/** The compressed point: `0x02` or `0x03` and 64 digits. */
	readonly "compressed-hex": Hex;
	/** The coordinates alone: `0x` and 128 digits. */
	readonly "xy-hex": Hex;
	/** The uncompressed point: 65 bytes. */
	readonly bytes: Uint8Array<ArrayBuffer>;
	/** The compressed point: 33 bytes. */
	readonly "compressed-bytes": Uint8Array<ArrayBuffer>;
	/** The coordinates alone: 64 bytes. */
	readonly "xy-bytes": Uint8Array<ArrayBuffer>;
}

/** A format of {@link exportPublicKey} for secp256k1 keys. */
export type PublicKeyFormat = keyof PublicKeyExports;

/** What each format name of {@link exportPrivateKey} gives for a secp256k1 key. */
export interface PrivateKeyExports {
	/** ECPrivateKey as PEM (RFC 5915), the form of `openssl ecparam -genkey -noout`. */
	readonly sec1: string;
	/** PrivateKeyInfo as PEM (RFC 5208), the form of `openssl pkcs8 -topk8`; encrypted when given a password. */
	readonly pkcs8: string;
	readonly jwk: EcPrivateJwk;
	/** The scalar: `0x` and 64 digits. */
	readonly hex: Hex;
	/** The scalar: 32 bytes. */
	readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A format of {@link exportPrivateKey} for secp256k1 keys. */
export type PrivateKeyFormat = keyof PrivateKeyExports;

/** What each format name of {@link exportPublicKey} gives for an RSA key. */
export interface RsaPublicKeyExports {
	/** SubjectPublicKeyInfo as PEM (RFC 5280), the form of `openssl rsa -pubout`. */
	readonly spki: string;
	/** The same without armour, one line of base64. */
	readonly "spki-base64": string;
	/** RSAPublicKey as PEM (RFC 8017), the form of `openssl rsa -RSAPublicKey_out`. */
	readonly pkcs1: string;
	readonly jwk: RsaPublicJwk;
}

/** A format of {@link exportPublicKey} for RSA keys. */
export type RsaPublicKeyFormat = keyof RsaPublicKeyExports;

/** What each format name of {@link exportPrivateKey} gives for an RSA key. */
export interface RsaPrivateKeyExports {
	/** RSAPrivateKey as PEM (RFC 8017), the form of `openssl rsa -traditional`. */
	readonly pkcs1: string;
	/** PrivateKeyInfo as PEM (RFC 5208), the form of `openssl genpkey`; encrypted when given a password. */
	readonly pkcs8: string;
	readonly jwk: RsaPrivateJwk;
}

/** A format of {@link exportPrivateKey} for RSA keys. */
export type RsaPrivateKeyFormat = keyof RsaPrivateKeyExports;
