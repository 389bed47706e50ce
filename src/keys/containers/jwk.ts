/**
 * secp256k1 keys as JSON Web Keys (RFC 7517, RFC 7518 section 6.2, RFC 8812 section 3.1).
 * @module
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { decodeBase64Url, encodeBase64Url } from "../../encoding/base64url.js";
import { KeyError } from "../../errors.js";
import type { EcPrivateJwk, EcPublicJwk, KeyAlgorithm, UncheckedMembers } from "../types.js";
import { requireKind } from "./key-algorithms.js";

/** What a JWK holds, before any check of its numbers. */
export interface RawJwkKey {
	/** 64 bytes: x, y. */
	readonly xy: Uint8Array;
	/** 32 bytes; undefined in a public key. */
	readonly scalar: Uint8Array | undefined;
}

/** The operation each half of a key is for (RFC 7517 section 4.3). */
export type KeyOperation = "sign" | "verify";

/** What a registered name can look like; anything else is not repeated in a message. */
const PRINTABLE = /^[A-Za-z0-9._-]{1,32}$/;

/** 32 bytes in base64url (RFC 7518 section 6.2.1.2). */
const COORDINATE_CHARACTERS = 43;

/**
 * Reads a JWK of the algorithm asked for. Only own members count; `alg`, `use` and `key_ops` must
 * allow the use where they are present.
 *
 * @internal
 * @param jwk an object
 * @param algorithm what was asked for
 * @param operation what the key will be used for
 * @returns the numbers, unchecked
 * @throws SyntaxError for a member that is missing or malformed
 * @throws {KeyError} `key/wrong-algorithm`
 */
export function parseJwk(jwk: UncheckedMembers, algorithm: KeyAlgorithm, operation: KeyOperation): RawJwkKey {
	const kty = textMember(jwk, "kty");
	requireKind(printable(kty === "EC" || kty === "OKP" ? textMember(jwk, "crv") : kty), algorithm);
	requireUse(jwk, algorithm, operation);
	const xy = new Uint8Array(64);
	xy.set(coordinateMember(jwk, "x"));
	xy.set(coordinateMember(jwk, "y"), 32);
	return { xy, scalar: Object.hasOwn(jwk, "d") ? coordinateMember(jwk, "d") : undefined };
}

/**
 * Writes a public key as JWK.
 *
 * @internal
 * @param point 65 bytes
 * @returns a new object
 */
export function encodePublicJwk(point: Uint8Array): EcPublicJwk {
	const x = encodeBase64Url(point.subarray(1, 33));
	const y = encodeBase64Url(point.subarray(33));
	return { kty: "EC", crv: "secp256k1", x, y };
}

/**
 * Writes a private key as JWK.
 *
 * @internal
 * @param scalar 32 bytes
 * @param point 65 bytes
 * @returns a new object
 */
export function encodePrivateJwk(scalar: Uint8Array, point: Uint8Array): EcPrivateJwk {
	return { ...encodePublicJwk(point), d: encodeBase64Url(scalar) };
}

/**
 * Computes the thumbprint of a point (RFC 7638).
 *
 * @internal
 * @param point 65 bytes
 * @returns 43 characters of base64url
 */
export function computeThumbprint(point: Uint8Array): string {
	const { crv, kty, x, y } = encodePublicJwk(point);
	// RFC 7638 section 3.2: the required members only, in lexicographic order.
	return encodeBase64Url(sha256(new TextEncoder().encode(JSON.stringify({ crv, kty, x, y }))));
}

function printable(name: string): string {
	return PRINTABLE.test(name) ? name : "unknown";
}

function requireUse(jwk: UncheckedMembers, algorithm: KeyAlgorithm, operation: KeyOperation): void {
	if (Object.hasOwn(jwk, "alg")) {
		const alg = textMember(jwk, "alg");
		if (alg !== algorithm) refuse(`the JWK is for the algorithm ${printable(alg)}, not ${algorithm}`);
	}
	if (Object.hasOwn(jwk, "use") && textMember(jwk, "use") !== "sig") {
		refuse("the JWK is not for signatures: its use is not sig");
	}
	if (!Object.hasOwn(jwk, "key_ops")) return;
	const operations = jwk["key_ops"];
	if (!Array.isArray(operations)) throw new SyntaxError("JWK: key_ops must be an array");
	if (!operations.includes(operation)) refuse(`the JWK's key_ops lack ${operation}`);
}

function refuse(message: string): never {
	throw new KeyError("key/wrong-algorithm", message);
}

function coordinateMember(jwk: UncheckedMembers, name: string): Uint8Array {
	const text = textMember(jwk, name);
	if (text.length !== COORDINATE_CHARACTERS) {
		throw new SyntaxError(`JWK: ${name} must be ${COORDINATE_CHARACTERS} characters of base64url`);
	}
	return decodeBase64Url(text);
}

function textMember(jwk: UncheckedMembers, name: string): string {
	const value = Object.hasOwn(jwk, name) ? jwk[name] : undefined;
	if (typeof value !== "string") throw new SyntaxError(`JWK: ${name} must be a string`);
	return value;
}
