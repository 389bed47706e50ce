/**
 * The members that JSON Web Keys of every kind share (RFC 7517 section 4), and how members are read: own
 * ones only, each of its type.
 * @module
 */

import { decodeBase64Url } from "../../encoding/base64url.js";
import { KeyError } from "../../errors/errors.js";
import type { KeyAlgorithm } from "../algorithm.js";
import type { UncheckedMembers } from "./jwk-types.js";
import { requireKind } from "./key-algorithms.js";

/** The operation each half of a key is for (RFC 7517 section 4.3). */
export type KeyOperation = "sign" | "verify";

/** What a registered name can look like; anything else is not repeated in a message. */
const PRINTABLE = /^[A-Za-z0-9._-]{1,32}$/;

/**
 * Refuses a JWK of another kind than the algorithm is for, and one that must not be used for it: `alg`,
 * `use` and `key_ops` must allow the use where they are present.
 */
export function requireJwkFor(jwk: UncheckedMembers, algorithm: KeyAlgorithm, operation: KeyOperation): void {
	const kty = textMember(jwk, "kty");
	requireKind(printable(kty === "EC" || kty === "OKP" ? textMember(jwk, "crv") : kty), algorithm);
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

/** Reads a member that is text. */
export function textMember(jwk: UncheckedMembers, name: string): string {
	const value = Object.hasOwn(jwk, name) ? jwk[name] : undefined;
	if (typeof value !== "string") throw new SyntaxError(`JWK: ${name} must be a string`);
	return value;
}

/** Reads a member that is bytes in base64url. */
export function bytesMember(jwk: UncheckedMembers, name: string): Uint8Array<ArrayBuffer> {
	return decodeBase64Url(textMember(jwk, name));
}

function printable(name: string): string {
	return PRINTABLE.test(name) ? name : "unknown";
}

function refuse(message: string): never {
	throw new KeyError("key/wrong-algorithm", message);
}
