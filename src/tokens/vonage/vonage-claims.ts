/**
 * The claims of Vonage's tokens: how they are built and verified.
 * @module
 */
import type { JsonObject } from "../../encoding/json.js";
import { type ConfigError, TokenError } from "../../errors/errors.js";
import {
	invalidClaim,
	missingClaim,
	parseOptionalText,
	type TimeLimits,
	verifyOptionalTimes,
	verifyTimes,
} from "../../jws/claims.js";
import { invalidOption } from "../../options/invalid-option.js";
import { verifyRsaTokenClaims } from "../app/app-claims.js";
import { assertExtraClaims } from "../extra-claims.js";
import { isUuid, UUID } from "../issuer-keys/app-id.js";
import type { MintTime, VerifiedClaims } from "../token-kind.js";
import { parseAcl } from "./acl.js";
import type { Acl } from "./acl-schema.js";

/** The longest lifetime of a Vonage token, in seconds: a day. */
export const MAX_VONAGE_LIFETIME_SECONDS = 86_400;

/** The lifetime of a Vonage token without `exp`, in seconds, as the vendor's guide says; also the minter's default. */
export const DEFAULT_VONAGE_LIFETIME_SECONDS = 900;

const EPOCH = "seconds since the epoch, a whole number or its decimal digits";

/** Claims are checked before and after the signature, and the list is used again for the request. */
const parsedAcls = new WeakMap<JsonObject, Acl>();

/** Claims of a token to mint, by their names in the token. */
export interface VonageClaims {
	/** The user the token is for. */
	readonly sub?: string | undefined;
	/** What the user may do. */
	readonly acl?: Acl | undefined;
	/** When it expires, in seconds since the epoch; decimal digits, as in the vendor's own sample, become a number. */
	readonly exp?: number | string | undefined;
	/** When it becomes valid, in seconds since the epoch or their decimal digits. */
	readonly nbf?: number | string | undefined;
	/** A UUID; a new one by default. */
	readonly jti?: string | undefined;
	/** Extra claims. */
	readonly [name: string]: unknown;
}

/** Builds a Vonage token's claims. */
export function buildVonageClaims(
	applicationId: string,
	{ now, lifetimeSeconds, maxLifetimeSeconds }: MintTime,
	{ sub, acl, exp, nbf, jti, application_id: named = applicationId, ...extra }: VonageClaims,
): JsonObject {
	assertExtraClaims(extra, ["iss", "iat"]);
	const application = applicationId.toLowerCase();
	if (String(named).toLowerCase() !== application) {
		throw claimError("application_id", "the minter's applicationId", named);
	}
	if (sub !== undefined && (typeof sub !== "string" || sub === "")) throw claimError("sub", "a non-empty string", sub);
	if (jti !== undefined && !isUuid(jti)) throw claimError("jti", UUID, jti);
	const iat = Math.floor(now);
	const end = exp === undefined ? iat + lifetimeSeconds : toEpochSeconds("exp", exp);
	if (end <= iat || end - iat > maxLifetimeSeconds) {
		throw claimError("exp", `after ${iat} and at most ${maxLifetimeSeconds} seconds later`, exp);
	}
	const start = nbf === undefined ? undefined : toEpochSeconds("nbf", nbf);
	if (start !== undefined && start >= end) throw claimError("nbf", `before exp ${end}`, nbf);
	return {
		application_id: application,
		iat,
		jti: jti ?? crypto.randomUUID(),
		exp: end,
		...(start === undefined ? {} : { nbf: start }),
		...(sub === undefined ? {} : { sub }),
		...(acl === undefined ? {} : { acl: parseAclToMint(acl) }),
		...extra,
	};
}

export function verifyVonageClaims(
	claims: JsonObject,
	audience: readonly string[],
	limits: TimeLimits,
): VerifiedClaims {
	const maxLifetimeSeconds = Math.min(limits.maxLifetimeSeconds, MAX_VONAGE_LIFETIME_SECONDS);
	const expiresAt = verifyVonageTimes(claims, { ...limits, maxLifetimeSeconds });
	const scopes = verifyRsaTokenClaims(claims, audience);
	// Ours is a UUID; the vendor's PHP library writes base64.
	if (claims["jti"] === undefined) throw missingClaim("jti");
	parseOptionalText(claims, "sub");
	parseAclOf(claims);
	return { expiresAt, scopes };
}

function verifyVonageTimes(claims: JsonObject, limits: TimeLimits): number {
	const exp = verifyOptionalTimes(claims, limits);
	if (exp !== undefined) return exp;
	const { iat } = claims;
	if (typeof iat !== "number") throw missingClaim("iat");
	return verifyTimes({ ...claims, exp: iat + DEFAULT_VONAGE_LIFETIME_SECONDS }, limits);
}

/** Parses a token's access control list, once for the same claims. */
export function parseAclOf(claims: JsonObject): Acl | undefined {
	if (claims["acl"] === undefined) return undefined;
	const acl = parsedAcls.get(claims) ?? parseAcl(claims["acl"]);
	parsedAcls.set(claims, acl);
	return acl;
}

/** Parses the id of the application that issued the token. */
export function parseApplicationId({ application_id: id, iss }: JsonObject): string {
	if (id === undefined) throw missingClaim("application_id");
	// Other kinds name their issuer in this claim: no token may be of two kinds.
	if (iss !== undefined) throw invalidClaim("iss", "absent if application_id is present", iss);
	if (!isUuid(id)) throw invalidClaim("application_id", UUID, id);
	return id.toLowerCase();
}

/** In a token to verify, an invalid list is a token error; here it is an option error. */
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
