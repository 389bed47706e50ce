/**
 * The claims of app tokens, as GitHub and ICR ask for them: how they are minted, and what they must say.
 * @module
 */

import type { JsonObject } from "../../encoding/json.js";
import {
	assertAgreedAudience,
	invalidClaim,
	missingClaim,
	parseOptionalText,
	type TimeLimits,
	verifyTimes,
} from "../../jws/claims.js";
import { parseScopes } from "../../jws/scope.js";
import { decodeAddress } from "../../keys/decode-address.js";
import { assertExtraClaims } from "../extra-claims.js";
import type { VerifiedClaims } from "../token-kind.js";

/** The two kinds of app. */
export type AppName = "github-app" | "icr-app";

/** The longest life of an app's token, `exp` minus `iat`, in seconds. */
export const MAX_APP_LIFETIME_SECONDS = 600;

/** The life a minter gives: with `iat` in the past, a clock that is a minute fast stays inside the ten minutes. */
export const DEFAULT_APP_LIFETIME_SECONDS = 540;

/** How far back `iat` is set, for servers whose clock is slow. */
export const APP_BACKDATE_SECONDS = 60;

const ALGORITHM = "RS256";
const MAX_ID_LENGTH = 128;
/** What an app's id must be, for error messages. */
export const APP_ID =
	"an app's id: a whole number, or printable ASCII without spaces that is no DID and no account's address";

/** What a freshly minted app token is made of; times are seconds. */
export interface AppClaims {
	/** The app's id or client id; a number stays one. */
	readonly issuer: string | number;
	/** The present. */
	readonly now: number;
	/** `exp` minus `iat`. */
	readonly lifetimeSeconds: number;
	/** Further claims. */
	readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

/** Builds an app token's header and claims. */
export function buildAppToken(
	kind: AppName,
	{ issuer, now, lifetimeSeconds, claims = {} }: AppClaims,
): { header: object; claims: object } {
	assertExtraClaims(claims, ["iss", "iat", "exp", "nbf", "alg", "application_id"]);
	const iat = Math.floor(now) - APP_BACKDATE_SECONDS;
	return {
		header: { alg: ALGORITHM, typ: "JWT" },
		claims: {
			iat,
			exp: iat + lifetimeSeconds,
			iss: issuer,
			...(kind === "icr-app" ? { alg: ALGORITHM } : {}),
			...claims,
		},
	};
}

/**
 * Checks the claims of an app token: `exp` and `iat` required and at most ten minutes apart, `alg` the header's
 * where it is present, and present where ICR demands it.
 */
export function verifyAppClaims(
	kind: AppName,
	claims: JsonObject,
	audience: readonly string[],
	limits: TimeLimits,
): VerifiedClaims {
	const maxLifetimeSeconds = Math.min(limits.maxLifetimeSeconds, MAX_APP_LIFETIME_SECONDS);
	const expiresAt = verifyTimes(claims, { ...limits, maxLifetimeSeconds });
	if (claims["iat"] === undefined) throw missingClaim("iat");
	checkAlgorithmClaim(kind, claims);
	assertAgreedAudience(claims, audience);
	parseOptionalText(claims, "jti");
	return { expiresAt, scopes: parseScopes(claims) };
}

/** Reads an app's id. */
export function parseAppIssuer(claims: JsonObject): string {
	const iss = claims["iss"];
	if (iss === undefined) throw missingClaim("iss");
	// Vonage names its applications by this claim: no token can be of two kinds.
	if (claims["application_id"] !== undefined) {
		throw invalidClaim("application_id", "absent beside iss", claims["application_id"]);
	}
	const id = toAppId(iss);
	if (id === undefined) throw invalidClaim("iss", APP_ID, iss);
	return id;
}

/**
 * Reads an app's id as a token or a caller writes it. Who registers an app may be free to choose its id: one that
 * reads like another kind's issuer would be taken for it by whoever decides by the issuer alone.
 */
export function toAppId(value: unknown): string | undefined {
	if (typeof value === "number") return Number.isSafeInteger(value) && value > 0 ? String(value) : undefined;
	if (typeof value !== "string" || value === "" || value.length > MAX_ID_LENGTH) return undefined;
	for (let at = 0; at < value.length; at++) {
		const code = value.charCodeAt(at);
		if (code <= 0x20 || code >= 0x7f) return undefined;
	}
	return value.startsWith("did:") || decodeAddress(value) !== undefined ? undefined : value;
}

function checkAlgorithmClaim(kind: AppName, claims: JsonObject): void {
	const alg = claims["alg"];
	if (alg === undefined && kind === "icr-app") throw missingClaim("alg");
	if (alg !== undefined && alg !== ALGORITHM)
		throw invalidClaim("alg", `"${ALGORITHM}", as the header says`, alg);
}
