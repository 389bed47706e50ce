/**
 * RSA keys as JSON Web Keys (RFC 7517, RFC 7518 section 6.3).
 * @module
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { encodeBase64Url } from "../../encoding/base64url.js";
import {
	type RsaPrivateNumbers,
	type RsaPublicNumbers,
	toBigInt,
	toMinimalBytes,
} from "../rsa-components.js";
import { bytesMember, requireJwkFor, textMember } from "./jwk-members.js";
import type { RsaPrivateJwk, RsaPublicJwk, UncheckedMembers } from "./jwk-types.js";
import { requireKind } from "./key-algorithms.js";

/** Nothing a key needs is longer: the limit of text keys, for a member of an object. */
const MAX_MEMBER_LENGTH = 65_536;

/** What makes a private key out of a public one; `d` is there already (RFC 7518 section 6.3.2). */
const FACTORS = ["p", "q", "dp", "dq", "qi"] as const;

/**
 * Reads a public JWK for RS256. Only own members count; `alg`, `use` and `key_ops` must allow the use where
 * they are present.
 */
export function parseRsaPublicJwk(jwk: UncheckedMembers): RsaPublicNumbers {
	requireJwkFor(jwk, "RS256", "verify");
	return { n: numberMember(jwk, "n"), e: numberMember(jwk, "e") };
}

/** Reads a private JWK for RS256. */
export function parseRsaPrivateJwk(jwk: UncheckedMembers): RsaPrivateNumbers {
	requireJwkFor(jwk, "RS256", "sign");
	if (Object.hasOwn(jwk, "oth")) requireKind("RSA of more than two primes", "RS256");
	const missing = FACTORS.filter((name) => !Object.hasOwn(jwk, name));
	if (missing.length > 0) {
		throw new SyntaxError(
			`JWK: ${missing.join(", ")} missing: export the private key again with its primes, or give it as PEM`,
		);
	}
	return {
		n: numberMember(jwk, "n"),
		e: numberMember(jwk, "e"),
		d: numberMember(jwk, "d"),
		p: numberMember(jwk, "p"),
		q: numberMember(jwk, "q"),
		dp: numberMember(jwk, "dp"),
		dq: numberMember(jwk, "dq"),
		qi: numberMember(jwk, "qi"),
	};
}

/** Writes a public key as JWK. */
export function encodeRsaPublicJwk({ n, e }: RsaPublicNumbers): RsaPublicJwk {
	return { kty: "RSA", n: encodeNumber(n), e: encodeNumber(e) };
}

/** Writes a private key as JWK. */
export function encodeRsaPrivateJwk(numbers: RsaPrivateNumbers): RsaPrivateJwk {
	return {
		...encodeRsaPublicJwk(numbers),
		d: encodeNumber(numbers.d),
		p: encodeNumber(numbers.p),
		q: encodeNumber(numbers.q),
		dp: encodeNumber(numbers.dp),
		dq: encodeNumber(numbers.dq),
		qi: encodeNumber(numbers.qi),
	};
}

/** Computes the thumbprint of a key (RFC 7638). */
export function computeRsaThumbprint(numbers: RsaPublicNumbers): string {
	const { e, kty, n } = encodeRsaPublicJwk(numbers);
	// RFC 7638 section 3.2: the required members only, in lexicographic order.
	return encodeBase64Url(sha256(new TextEncoder().encode(JSON.stringify({ e, kty, n }))));
}

/** Base64urlUInt (RFC 7518 section 2): as few bytes as the number takes. */
function numberMember(jwk: UncheckedMembers, name: string): bigint {
	if (textMember(jwk, name).length > MAX_MEMBER_LENGTH) throw new SyntaxError(`JWK: ${name} is too long`);
	const bytes = bytesMember(jwk, name);
	if ((bytes[0] ?? 0) === 0) throw new SyntaxError(`JWK: ${name} is empty or begins with a zero byte`);
	return toBigInt(bytes);
}

function encodeNumber(value: bigint): string {
	return encodeBase64Url(toMinimalBytes(value));
}
