/**
 * Keys as JSON: the types of JWKs and keystores, and the members that all JWKs share (RFC 7517 section 4).
 * @module
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { decodeBase64Url, encodeBase64Url } from "../../encoding/base64.js";
import { KeyError } from "../../errors/errors.js";
import type { KeyAlgorithm } from "../algorithm.js";
import { assertKeyType } from "./key-types.js";

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
	/** The public exponent in base64url, nearly always `AQAB`. */
	readonly e: string;
}
/** An RSA private key as JWK (RFC 7518 section 6.3.2): all members except the public ones are secret. */
export interface RsaPrivateJwk extends RsaPublicJwk {
	readonly d: string;
	readonly p: string;
	readonly q: string;
	readonly dp: string;
	readonly dq: string;
	readonly qi: string;
}
/** A JWK or keystore in any library's type: every member is checked before use. */
export type JwkInput = object;
/** The members of an untrusted object, not checked yet. */
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

/** `kty` by algorithm (RFC 8812 section 3.1, RFC 7518 section 6.3). */
const JWK_TYPES: Readonly<Record<KeyAlgorithm, string>> = { ES256K: "EC", RS256: "RSA" };
/** Names that error messages may repeat. */
const PRINTABLE = /^[A-Za-z0-9._-]{1,32}$/;

/** Rejects a JWK with another key type, and one whose `alg`, `use` or `key_ops` forbid the operation. */
export function assertJwkFor(jwk: UncheckedMembers, algorithm: KeyAlgorithm, operation: "sign" | "verify"): void {
	const kty = textMember(jwk, "kty");
	assertKeyType(printable(kty === "EC" || kty === "OKP" ? textMember(jwk, "crv") : kty), algorithm);
	const expected = JWK_TYPES[algorithm];
	if (kty !== expected) throw wrongUse(`${algorithm} needs a JWK of kty ${expected}, got ${printable(kty)}`);
	const alg = Object.hasOwn(jwk, "alg") ? textMember(jwk, "alg") : algorithm;
	if (alg !== algorithm) throw wrongUse(`the JWK is for the algorithm ${printable(alg)}, not ${algorithm}`);
	if (Object.hasOwn(jwk, "use") && textMember(jwk, "use") !== "sig") {
		throw wrongUse("the JWK is not for signatures: its use is not sig");
	}
	if (!Object.hasOwn(jwk, "key_ops")) return;
	const operations = jwk["key_ops"];
	if (!Array.isArray(operations)) throw new SyntaxError("JWK: key_ops must be an array");
	if (!operations.includes(operation)) throw wrongUse(`the JWK's key_ops don't include ${operation}`);
}

/** Hashes a JWK that has only the required members, in lexicographic order (RFC 7638 section 3). */
export function hashJwk(jwk: object): string {
	return encodeBase64Url(sha256(new TextEncoder().encode(JSON.stringify(jwk))));
}

/** Reads a string member. */
export function textMember(jwk: UncheckedMembers, name: string): string {
	const value = Object.hasOwn(jwk, name) ? jwk[name] : undefined;
	if (typeof value !== "string") throw new SyntaxError(`JWK: ${name} must be a string`);
	return value;
}

/** Reads a member of bytes in base64url. */
export function bytesMember(jwk: UncheckedMembers, name: string): Uint8Array<ArrayBuffer> {
	return decodeBase64Url(textMember(jwk, name));
}

function printable(name: string): string {
	return PRINTABLE.test(name) ? name : "unknown";
}

function wrongUse(message: string): KeyError {
	return new KeyError("key/wrong-algorithm", message);
}
