/**
 * RSA keys as JSON Web Keys (RFC 7517, RFC 7518 section 6.3).
 * @module
 */
import { encodeBase64Url } from "../../encoding/base64.js";
import {
	mapRsaComponents,
	type RsaPrivateComponents,
	type RsaPublicComponents,
	toBigInt,
	toMinimalBytes,
} from "../rsa-components.js";
import {
	assertJwkFor,
	bytesMember,
	hashJwk,
	type RsaPrivateJwk,
	type RsaPublicJwk,
	textMember,
	type UncheckedMembers,
} from "./jwk.js";
import { assertKeyType } from "./key-types.js";

/** The same limit as for a key given as text. */
const MAX_MEMBER_LENGTH = 65_536;

/** Members that a private JWK may omit (RFC 7518 section 6.3.2), but orgpass needs. */
const FACTORS = ["p", "q", "dp", "dq", "qi"] as const;

export function parseRsaPublicJwk(jwk: UncheckedMembers): RsaPublicComponents {
	assertJwkFor(jwk, "RS256", "verify");
	return { n: integerMember(jwk, "n"), e: integerMember(jwk, "e") };
}

export function parseRsaPrivateJwk(jwk: UncheckedMembers): RsaPrivateComponents {
	assertJwkFor(jwk, "RS256", "sign");
	if (Object.hasOwn(jwk, "oth")) assertKeyType("RSA with more than two primes", "RS256");
	const missing = FACTORS.filter((name) => !Object.hasOwn(jwk, name));
	if (missing.length === 0) return mapRsaComponents((name) => integerMember(jwk, name));
	throw new SyntaxError(`JWK: ${missing.join(", ")} missing: export the private key again with its primes, or use PEM`);
}

export function encodeRsaPublicJwk({ n, e }: RsaPublicComponents): RsaPublicJwk {
	return { kty: "RSA", n: encodeInteger(n), e: encodeInteger(e) };
}

export function encodeRsaPrivateJwk(components: RsaPrivateComponents): RsaPrivateJwk {
	return { kty: "RSA", ...mapRsaComponents((name) => encodeInteger(components[name])) };
}

/** Computes the thumbprint of a key (RFC 7638). */
export function computeRsaThumbprint(components: RsaPublicComponents): string {
	const { e, kty, n } = encodeRsaPublicJwk(components);
	return hashJwk({ e, kty, n });
}

/** Base64urlUInt (RFC 7518 section 2): the fewest bytes that hold the integer. */
function integerMember(jwk: UncheckedMembers, name: string): bigint {
	if (textMember(jwk, name).length > MAX_MEMBER_LENGTH) throw new SyntaxError(`JWK: ${name} is too long`);
	const bytes = bytesMember(jwk, name);
	if ((bytes[0] ?? 0) === 0) throw new SyntaxError(`JWK: ${name} is empty or begins with a zero byte`);
	return toBigInt(bytes);
}

function encodeInteger(value: bigint): string {
	return encodeBase64Url(toMinimalBytes(value));
}
