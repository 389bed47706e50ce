/**
 * The claim checks that all profiles share (RFC 7519 section 4.1, RFC 8725), in one place so that no kind of token can
 * skip them.
 * @module
 */

import { MAX_EPOCH_SECONDS } from "../encoding/date-time.js";
import { formatTimeAway } from "../encoding/format-time.js";
import type { JsonObject } from "../encoding/json.js";
import { formatValue, TokenError } from "../errors/errors.js";

/** The largest tolerance of any verifier. */
export const MAX_CLOCK_TOLERANCE_SECONDS = 300;

/** The verifier's clock and limits, all in seconds. */
export interface TimeLimits {
	/** The current time, in seconds since the epoch. */
	readonly now: number;
	/** How far the clocks of minter and verifier may differ. */
	readonly clockToleranceSeconds: number;
	/** The longest lifetime a token may have: `exp` minus `iat`, or minus now if there is no `iat`. */
	readonly maxLifetimeSeconds: number;
}

/**
 * Checks `exp`, which is required, and `nbf` and `iat` if present: their types, their order and the lifetime. Use it in
 * the `verifyClaims` of a custom {@link Profile}.
 *
 * @example
 * ```ts
 * import { verifyTimes } from "orgpass/jws";
 *
 * const limits = { now: 1_000, clockToleranceSeconds: 30, maxLifetimeSeconds: 600 };
 * verifyTimes({ iat: 900, exp: 1_500 }, limits); // => 1_500
 * verifyTimes({ iat: 900, exp: 950 }, limits); // => throws token/expired
 * ```
 * @param claims the token's claims
 * @param limits the verifier's clock and limits, in seconds
 * @returns `exp` in seconds since the epoch
 * @throws {TokenError} `token/claim-missing`, `token/claim-invalid`, `token/milliseconds`, `token/expired`,
 * `token/not-yet-valid`, `token/issued-in-future`, `token/lifetime`
 * @see RFC 7519 section 4.1
 */
export function verifyTimes(claims: JsonObject, limits: TimeLimits): number {
	const exp = verifyOptionalTimes(claims, limits);
	if (exp === undefined) throw missingClaim("exp");
	return exp;
}

/** Checks `exp`, `nbf` and `iat`, each only if present, for kinds of token that don't have to expire. */
export function verifyOptionalTimes(claims: JsonObject, limits: TimeLimits): number | undefined {
	const { now, clockToleranceSeconds, maxLifetimeSeconds } = limits;
	const exp = numericDate(claims, "exp");
	const nbf = numericDate(claims, "nbf");
	const iat = numericDate(claims, "iat");
	if (exp !== undefined && now >= exp + clockToleranceSeconds) {
		throw new TokenError("token/expired", `expected exp in the future, got ${formatTimeAway(exp, now)}`, {
			details: { exp, now },
		});
	}
	if (nbf !== undefined && now < nbf - clockToleranceSeconds) {
		const details = { nbf, now };
		throw new TokenError("token/not-yet-valid", `expected nbf in the past, got ${formatTimeAway(nbf, now)}`, {
			details,
		});
	}
	if (iat !== undefined && now < iat - clockToleranceSeconds) {
		const details = { iat, now };
		throw new TokenError("token/issued-in-future", `expected iat in the past, got ${formatTimeAway(iat, now)}`, {
			details,
		});
	}
	if (exp === undefined) return undefined;
	if (iat !== undefined && iat > exp) throw invalidClaim("iat", `a time before exp ${exp}`, iat);
	const lifetime = exp - (iat ?? now);
	if (lifetime > maxLifetimeSeconds) {
		throw new TokenError(
			"token/lifetime",
			`expected a lifetime of at most ${maxLifetimeSeconds} seconds, got ${lifetime}`,
			{ details: { lifetime, maxLifetimeSeconds } },
		);
	}
	return exp;
}

/**
 * Checks that `aud` names the verifier; names are compared exactly. Use it in the `verifyClaims` of a custom {@link
 * Profile}.
 *
 * @example
 * ```ts
 * import { assertAudience } from "orgpass/jws";
 *
 * assertAudience({ aud: ["https://shop.example", "https://hotel.example"] }, ["https://hotel.example"]); // => undefined
 * assertAudience({ aud: "https://hotel.example/" }, ["https://hotel.example"]); // => throws token/audience
 * ```
 * @param claims the token's claims
 * @param audience the verifier's own names; one of them must be in `aud`
 * @throws {TokenError} `token/claim-missing`, `token/claim-invalid`, `token/audience`
 * @see RFC 7519 section 4.1.3
 */
export function assertAudience(claims: JsonObject, audience: readonly string[]): void {
	const { aud } = claims;
	if (audience.includes(aud as string)) return;
	const named = parseAudience(claims);
	if (!audience.some((name) => named.includes(name))) {
		throw new TokenError(
			"token/audience",
			`expected aud ${audience.map(formatValue).join(" or ")}, got ${formatAudience(aud)}`,
		);
	}
}

/** Checks `aud` for kinds of token in which it is optional. */
export function assertOptionalAudience(claims: JsonObject, audience: readonly string[]): void {
	if (audience.length > 0) {
		assertAudience(claims, audience);
	} else if (claims["aud"] !== undefined) {
		const got = formatAudience(claims["aud"]);
		throw new TokenError("token/audience", `expected no aud because the profile has no audience, got ${got}`);
	}
}

export function parseAudience(claims: JsonObject): readonly string[] {
	const aud = claims["aud"];
	if (aud === undefined) throw missingClaim("aud");
	const named: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
	if (named.length === 0 || !named.every((name) => typeof name === "string")) {
		throw invalidClaim("aud", "a string or an array of strings", aud);
	}
	return named as readonly string[];
}

/** Parses an `exp` that must be whole seconds. */
export function parseWholeExp(claims: JsonObject): number {
	const exp = numericDate(claims, "exp");
	if (exp === undefined) throw missingClaim("exp");
	if (!Number.isInteger(exp)) throw invalidClaim("exp", "whole seconds", exp);
	return exp;
}

/** Parses an optional claim that must be a non-empty string, such as `jti`. */
export function parseOptionalText(claims: JsonObject, name: string): string | undefined {
	const value = claims[name];
	if (value === undefined) return undefined;
	if (typeof value !== "string" || value === "") throw invalidClaim(name, "a non-empty string", value);
	return value;
}

/** Checks whether a NumericDate is later than the year 9999, unless read as milliseconds. */
export function isMilliseconds(value: unknown): value is number {
	return typeof value === "number" && value > MAX_EPOCH_SECONDS && value / 1_000 <= MAX_EPOCH_SECONDS;
}

function numericDate(claims: JsonObject, name: "exp" | "nbf" | "iat"): number | undefined {
	const value = claims[name];
	if (value === undefined) return undefined;
	if (isMilliseconds(value)) {
		const message = `${name} is in milliseconds: expected seconds, got ${value}`;
		throw new TokenError("token/milliseconds", message, { details: { claim: name, [name]: value } });
	}
	const isDate = typeof value === "number" && value >= 0 && value <= MAX_EPOCH_SECONDS;
	// Some issuers write an exp of 0 to mean never.
	if (!isDate || (name === "exp" && value === 0)) {
		throw invalidClaim(name, "seconds since the epoch as a JSON number", value);
	}
	return value;
}

/** Creates the error for an absent claim. */
export function missingClaim(claim: string): TokenError {
	return new TokenError("token/claim-missing", `expected the claim ${claim}`, { details: { claim } });
}

/** Creates the error for a claim, or the named part of it, with an invalid value. */
export function invalidClaim(claim: string, expected: string, value: unknown, part: string = claim): TokenError {
	const message = `expected ${part} to be ${expected}, got ${formatValue(value)}`;
	return new TokenError("token/claim-invalid", message, { details: { claim } });
}

function formatAudience(aud: unknown): string {
	return Array.isArray(aud) ? `[${aud.slice(0, 3).map(formatValue).join(", ")}]` : formatValue(aud);
}
