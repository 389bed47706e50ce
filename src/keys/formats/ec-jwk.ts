/**
 * secp256k1 keys as JSON Web Keys (RFC 7517, RFC 7518 section 6.2, RFC 8812 section 3.1).
 * @module
 */
import { encodeBase64Url } from "../../encoding/base64.js";
import {
	assertJwkFor,
	bytesMember,
	type EcPrivateJwk,
	type EcPublicJwk,
	hashJwk,
	textMember,
	type UncheckedMembers,
} from "./jwk.js";

/** A parsed JWK whose values haven't been checked. */
export interface RawEcJwk {
	/** 64 bytes: x, y. */
	readonly xy: Uint8Array;
	/** 32 bytes; undefined in a public key. */
	readonly scalar: Uint8Array | undefined;
}

/** 32 bytes in base64url (RFC 7518 section 6.2.1.2). */
const COORDINATE_CHARACTERS = 43;

/** Reads a JWK for ES256K; it is private if it has `d`. */
export function parseEcJwk(jwk: UncheckedMembers): RawEcJwk {
	const isPrivate = Object.hasOwn(jwk, "d");
	assertJwkFor(jwk, "ES256K", isPrivate ? "sign" : "verify");
	const xy = new Uint8Array([...coordinateMember(jwk, "x"), ...coordinateMember(jwk, "y")]);
	return { xy, scalar: isPrivate ? coordinateMember(jwk, "d") : undefined };
}

export function encodeEcPublicJwk(point: Uint8Array): EcPublicJwk {
	const x = encodeBase64Url(point.subarray(1, 33));
	const y = encodeBase64Url(point.subarray(33));
	return { kty: "EC", crv: "secp256k1", x, y };
}

export function encodeEcPrivateJwk(scalar: Uint8Array, point: Uint8Array): EcPrivateJwk {
	return { ...encodeEcPublicJwk(point), d: encodeBase64Url(scalar) };
}

/** Computes the thumbprint of a point (RFC 7638). */
export function computeEcThumbprint(point: Uint8Array): string {
	const { crv, kty, x, y } = encodeEcPublicJwk(point);
	return hashJwk({ crv, kty, x, y });
}

function coordinateMember(jwk: UncheckedMembers, name: string): Uint8Array {
	if (textMember(jwk, name).length === COORDINATE_CHARACTERS) return bytesMember(jwk, name);
	throw new SyntaxError(`JWK: ${name} must be ${COORDINATE_CHARACTERS} characters of base64url`);
}
