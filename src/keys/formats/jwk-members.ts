/**
 * The members that all JSON Web Keys share (RFC 7517 section 4). Only own members count.
 * @module
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { decodeBase64Url, encodeBase64Url } from "../../encoding/base64url.js";
import { KeyError } from "../../errors/errors.js";
import type { KeyAlgorithm } from "../algorithm.js";
import type { UncheckedMembers } from "./jwk-types.js";
import { assertKeyType } from "./key-types.js";

/** A registered name; anything else isn't repeated in a message. */
const PRINTABLE = /^[A-Za-z0-9._-]{1,32}$/;

/** Rejects a JWK of another key type, and one whose `alg`, `use` or `key_ops` forbid the operation. */
export function assertJwkFor(
	jwk: UncheckedMembers,
	algorithm: KeyAlgorithm,
	operation: "sign" | "verify",
): void {
	const kty = textMember(jwk, "kty");
	assertKeyType(printable(kty === "EC" || kty === "OKP" ? textMember(jwk, "crv") : kty), algorithm);
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
