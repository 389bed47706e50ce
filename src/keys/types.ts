/**
 * The types of keys as they cross the border of the package.
 * @module
 */

import type { Hex } from "../encoding/hex.js";
import type { PublicKey } from "./public-key.js";

export type { Hex } from "../encoding/hex.js";

/** The signature algorithms a key can be made for, by their JOSE names (RFC 8812 for ES256K). */
export type KeyAlgorithm = "ES256K";

/** Whatever signs: a local {@link PrivateKey}, a wallet, or a remote KMS or HSM. */
export interface Signer {
	/** The algorithm its signatures are made with. */
	readonly algorithm: KeyAlgorithm;
	/** The key its signatures verify with; when it is there, every signature is checked before use. */
	readonly publicKey?: PublicKey | undefined;
	/** Signs the bytes themselves (it hashes them): 64 bytes r||s for ES256K. */
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

/** What each format name of {@link exportPublicKey} gives. */
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

/** A format of {@link exportPublicKey}. */
export type PublicKeyFormat = keyof PublicKeyExports;

/** What each format name of {@link exportPrivateKey} gives. */
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

/** A format of {@link exportPrivateKey}. */
export type PrivateKeyFormat = keyof PrivateKeyExports;
