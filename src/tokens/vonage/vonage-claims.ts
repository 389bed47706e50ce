/**
 * The claims of Vonage's tokens: how they are minted, and what they must say.
 * @module
 */
import type { JsonObject } from "../../encoding/json.js";
import { type ConfigError, TokenError } from "../../errors/errors.js";
import {
	assertAgreedAudience,
	invalidClaim,
	missingClaim,
	parseOptionalText,
	type TimeLimits,
	verifyTimes,
} from "../../jws/claims.js";
import { parseScopes } from "../../jws/scope.js";
import { invalidOption } from "../../options/invalid-option.js";
import { assertExtraClaims } from "../extra-claims.js";
import type { VerifiedClaims } from "../token-kind.js";
import { parseAcl } from "./acl.js";
import type { Acl } from "./acl-schema.js";

/** The longest life of a Vonage token, in seconds: a day. */
export const MAX_VONAGE_LIFETIME_SECONDS = 86_400;

/** The life of a token that doesn't ask for another, in seconds. */
export const DEFAULT_VONAGE_LIFETIME_SECONDS = 900;

const UUID = "a UUID in lower case";
const UUID_LENGTH = 36;
const LOWER_HEX: ReadonlySet<string> = new Set("0123456789abcdef");
const HYPHENS: ReadonlySet<number> = new Set([8, 13, 18, 23]);
const EPOCH = "seconds since the epoch, a whole number or its decimal digits";

/** Claims are checked twice, before the signature and after it, and the list is used once more. */
const parsed = new WeakMap<JsonObject, Acl>();

/** Claims of a token to mint, by the names the token gives them. */
export interface VonageClaims {
	/** The user the token is for. */
	readonly sub?: string | undefined;
	/** What the user may do. */
	readonly acl?: Acl | undefined;
	/** When it ends, seconds since the epoch; decimal digits, as the vendor's own sample has them, become a number. */
	readonly exp?: number | string | undefined;
	/** From when it counts, likewise. */
	readonly nbf?: number | string | undefined;
	/** A UUID; a new one by default. */
	readonly jti?: string | undefined;
	/** Further claims. */
	readonly [name: string]: unknown;
}

/** What a freshly minted Vonage token is made of; times are seconds. */
export interface VonageToken {
	/** The application, a UUID. */
	readonly applicationId: string;
	/** The present. */
	readonly now: number;
	/** Its life, where the claims give no `exp`. */
	readonly lifetimeSeconds: number;
	/** The longest life to allow. */
	readonly maxLifetimeSeconds: number;
	/** All other claims. */
	readonly claims: VonageClaims;
}

/** Builds a Vonage token's header and claims. */
export function buildVonageToken(parts: VonageToken): { header: object; claims: object } {
	const { applicationId, now, lifetimeSeconds, maxLifetimeSeconds } = parts;
	const { sub, acl, exp, nbf, jti, application_id: named = applicationId, ...further } = parts.claims;
	assertExtraClaims(further, ["iss", "iat"]);
	if (named !== applicationId) throw claimError("application_id", "the minter's own", named);
	if (sub !== undefined && (typeof sub !== "string" || sub === ""))
		throw claimError("sub", "a non-empty string", sub);
	if (jti !== undefined && !isUuid(jti)) throw claimError("jti", UUID, jti);
	const iat = Math.floor(now);
	const end = exp === undefined ? iat + lifetimeSeconds : toEpochSeconds("exp", exp);
	if (end <= iat || end - iat > maxLifetimeSeconds) {
		throw claimError("exp", `after ${iat} and at most ${maxLifetimeSeconds} seconds later`, exp);
	}
	const start = nbf === undefined ? undefined : toEpochSeconds("nbf", nbf);
	if (start !== undefined && start >= end) throw claimError("nbf", `before exp ${end}`, nbf);
	const claims = {
		application_id: applicationId,
		iat,
		jti: jti ?? crypto.randomUUID(),
		exp: end,
		...(start === undefined ? {} : { nbf: start }),
		...(sub === undefined ? {} : { sub }),
		...(acl === undefined ? {} : { acl: parseAclToMint(acl) }),
		...further,
	};
	return { header: { alg: "RS256", typ: "JWT" }, claims };
}

/**
 * Checks the claims of a Vonage token: `exp`, `iat` and `jti` required, a life of at most a day, `acl` of the
 * vendor's schema where it is present.
 */
export function verifyVonageClaims(
	claims: JsonObject,
	audience: readonly string[],
	limits: TimeLimits,
): VerifiedClaims {
	const maxLifetimeSeconds = Math.min(limits.maxLifetimeSeconds, MAX_VONAGE_LIFETIME_SECONDS);
	const expiresAt = verifyTimes(claims, { ...limits, maxLifetimeSeconds });
	for (const name of ["iat", "jti"]) if (claims[name] === undefined) throw missingClaim(name);
	if (!isUuid(claims["jti"])) throw invalidClaim("jti", UUID, claims["jti"]);
	parseOptionalText(claims, "sub");
	parseAclOf(claims);
	assertAgreedAudience(claims, audience);
	return { expiresAt, scopes: parseScopes(claims) };
}

/** Reads a token's access control list, once for the same claims. */
export function parseAclOf(claims: JsonObject): Acl | undefined {
	if (claims["acl"] === undefined) return undefined;
	const acl = parsed.get(claims) ?? parseAcl(claims["acl"]);
	parsed.set(claims, acl);
	return acl;
}

/** Reads the application that a token is from. */
export function parseApplicationId(claims: JsonObject): string {
	const id = claims["application_id"];
	if (id === undefined) throw missingClaim("application_id");
	// Other kinds name their issuer by this claim: no token can be of two kinds.
	if (claims["iss"] !== undefined) throw invalidClaim("iss", "absent beside application_id", claims["iss"]);
	if (!isUuid(id)) throw invalidClaim("application_id", UUID, id);
	return id;
}

/** Tells UUIDs (RFC 9562 4) in lower case. */
export function isUuid(value: unknown): value is string {
	if (typeof value !== "string" || value.length !== UUID_LENGTH) return false;
	for (let at = 0; at < UUID_LENGTH; at++) {
		const character = value[at] as string;
		if (HYPHENS.has(at) ? character !== "-" : !LOWER_HEX.has(character)) return false;
	}
	return true;
}

/** When verifying, a bad list is the token's fault; here it is the caller's. */
function parseAclToMint(acl: unknown): Acl {
	try {
		return parseAcl(acl);
	} catch (cause) {
		if (!(cause instanceof TokenError)) throw cause;
		const expected = `a valid access control list: ${cause.message}`;
		throw invalidOption("claims.acl", expected, { label: "the claim acl", cause });
	}
}

function toEpochSeconds(name: string, value: unknown): number {
	const seconds = typeof value === "string" && /^[1-9][0-9]{0,11}$/.test(value) ? Number(value) : value;
	if (Number.isSafeInteger(seconds) && (seconds as number) > 0) return seconds as number;
	throw claimError(name, EPOCH, value);
}

function claimError(name: string, expected: string, got: unknown): ConfigError {
	return invalidOption(`claims.${name}`, expected, { label: `the claim ${name}`, got });
}
