/**
 * secp256k1 keys as JSON Web Keys (RFC 7517, RFC 7518 section 6.2, RFC 8812 section 3.1).
 * @module
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { encodeBase64Url } from "../../encoding/base64url.js";
import { bytesMember, type KeyOperation, requireJwkFor, textMember } from "./jwk-members.js";
import type { EcPrivateJwk, EcPublicJwk, UncheckedMembers } from "./jwk-types.js";

/** What a JWK holds, before any check of its numbers. */
export interface RawEcJwk {
	/** 64 bytes: x, y. */
	readonly xy: Uint8Array;
	/** 32 bytes; undefined in a public key. */
	readonly scalar: Uint8Array | undefined;
}

/** 32 bytes in base64url (RFC 7518 section 6.2.1.2). */
const COORDINATE_CHARACTERS = 43;

/**
 * Reads a JWK for ES256K. Only own members count; `alg`, `use` and `key_ops` must
 * allow the use where they are present.
 */
export function parseEcJwk(jwk: UncheckedMembers, operation: KeyOperation): RawEcJwk {
	requireJwkFor(jwk, "ES256K", operation);
	const xy = new Uint8Array(64);
	xy.set(coordinateMember(jwk, "x"));
	xy.set(coordinateMember(jwk, "y"), 32);
	return { xy, scalar: Object.hasOwn(jwk, "d") ? coordinateMember(jwk, "d") : undefined };
}

/** Writes a public key as JWK. */
export function encodeEcPublicJwk(point: Uint8Array): EcPublicJwk {
	const x = encodeBase64Url(point.subarray(1, 33));
	const y = encodeBase64Url(point.subarray(33));
	return { kty: "EC", crv: "secp256k1", x, y };
}

/** Writes a private key as JWK. */
export function encodeEcPrivateJwk(scalar: Uint8Array, point: Uint8Array): EcPrivateJwk {
	return { ...encodeEcPublicJwk(point), d: encodeBase64Url(scalar) };
}

/** Computes the thumbprint of a point (RFC 7638). */
export function computeEcThumbprint(point: Uint8Array): string {
	const { crv, kty, x, y } = encodeEcPublicJwk(point);
	// RFC 7638 section 3.2: the required members only, in lexicographic order.
	return encodeBase64Url(sha256(new TextEncoder().encode(JSON.stringify({ crv, kty, x, y }))));
}

function coordinateMember(jwk: UncheckedMembers, name: string): Uint8Array {
	if (textMember(jwk, name).length !== COORDINATE_CHARACTERS) {
		throw new SyntaxError(`JWK: ${name} must be ${COORDINATE_CHARACTERS} characters of base64url`);
	}
	return bytesMember(jwk, name);
}
