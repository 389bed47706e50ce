/**
 * The claims of GitHub and ICR App tokens: how they are built and verified.
 * @module
 */
import type { JsonObject } from "../../encoding/json.js";
import { TokenError } from "../../errors/errors.js";
import {
	assertOptionalAudience,
	invalidClaim,
	missingClaim,
	parseOptionalText,
	type TimeLimits,
	verifyTimes,
} from "../../jws/claims.js";
import { parseScopes } from "../../jws/scope.js";
import { assertExtraClaims } from "../extra-claims.js";
import { APP_ID, toAppId } from "../issuer-keys/app-id.js";
import type { VerifiedClaims } from "../token-kind.js";

/** The names of the two profiles. */
export type AppName = "github-app" | "icr-app";

/** How far from now an app's token may expire, in seconds; for minters, the longest `exp` minus `iat`. */
export const MAX_APP_LIFETIME_SECONDS = 600;

/** How far back `iat` is set, in seconds, for servers with a slow clock. */
export const APP_BACKDATE_SECONDS = 60;

const ALGORITHM = "RS256";

export interface AppTokenParts {
	/** The app's id or client id; a number stays a number. */
	readonly issuer: string | number;
	/** The current time, in seconds since the epoch. */
	readonly now: number;
	/** `exp` minus `iat`, in seconds. */
	readonly lifetimeSeconds: number;
	/** Extra claims. */
	readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

/** The header of all app tokens. */
export const RSA_HEADER: Readonly<Record<"alg" | "typ", string>> = { alg: ALGORITHM, typ: "JWT" };

/** Builds an app token's claims. */
export function buildAppClaims(
	name: AppName,
	{ issuer: iss, now, lifetimeSeconds, claims: extra }: AppTokenParts,
): JsonObject {
	if (extra !== undefined) assertExtraClaims(extra, ["iss", "iat", "exp", "nbf", "alg", "application_id"]);
	const iat = Math.floor(now) - APP_BACKDATE_SECONDS;
	const alg = name === "icr-app" ? { alg: ALGORITHM } : {};
	return { iat, exp: iat + lifetimeSeconds, iss, ...alg, ...extra };
}

/** Verifies the claims of a GitHub or ICR App token. */
export function verifyAppClaims(claims: JsonObject, audience: readonly string[], limits: TimeLimits): VerifiedClaims {
	const expiresAt = verifyTimes(claims, limits);
	assertEndsSoon(expiresAt, limits);
	const scopes = verifyRsaTokenClaims(claims, audience);
	const { alg } = claims;
	if (alg !== undefined && alg !== ALGORITHM) throw invalidClaim("alg", `"${ALGORITHM}", the header's algorithm`, alg);
	return { expiresAt, scopes };
}

/** The vendors count the ten minutes from the current time: their samples set `iat` a minute back. */
function assertEndsSoon(exp: number, { now, clockToleranceSeconds }: TimeLimits): void {
	const remaining = exp - now;
	if (remaining <= MAX_APP_LIFETIME_SECONDS + clockToleranceSeconds) return;
	const message = `expected exp at most ${MAX_APP_LIFETIME_SECONDS} seconds from now, got ${Math.ceil(remaining)}`;
	const details = { lifetime: remaining, maxLifetimeSeconds: MAX_APP_LIFETIME_SECONDS };
	throw new TokenError("token/lifetime", message, { details });
}

/** Verifies the claims that all app tokens share, except the times; returns the scopes. */
export function verifyRsaTokenClaims(claims: JsonObject, audience: readonly string[]): readonly string[] {
	if (claims["iat"] === undefined) throw missingClaim("iat");
	assertOptionalAudience(claims, audience);
	parseOptionalText(claims, "jti");
	return parseScopes(claims);
}

/** Parses the app's id in `iss`. */
export function parseAppIssuer({ iss, application_id }: JsonObject): string {
	if (iss === undefined) throw missingClaim("iss");
	// Vonage's tokens name their issuer in this claim: no token may be of two kinds.
	if (application_id !== undefined) {
		throw invalidClaim("application_id", "absent if iss is present", application_id);
	}
	const id = toAppId(iss);
	if (id === undefined) throw invalidClaim("iss", APP_ID, iss);
	return id;
}
