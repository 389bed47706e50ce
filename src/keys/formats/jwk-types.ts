/**
 * Keys as JSON: JWKs and keystores.
 * @module
 */

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
