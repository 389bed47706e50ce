/**
 * The claims every token of an organization must carry, whoever signed it: one place, so that no kind can
 * skip a check.
 * @module
 */
import { checkAudience, checkTimes, optionalText, type TimeLimits } from "../../jws/claims.js";
import type { JsonObject } from "../../jws/decode-token.js";
import { parseScopes } from "../../jws/scope.js";
import type { CheckedClaims } from "../token-kind.js";

/**
 * Checks `exp`, `nbf`, `iat`, `aud`, `jti` and `scope`.
 *
 * @param claims the decoded claims
 * @param audience the verifier's own names
 * @param limits the clock and the bounds
 * @returns when the token ends, and its scopes
 * @throws {TokenError} as `checkTimes` and `checkAudience`, and `token/claim-invalid`
 */
export function checkOrganizationClaims(
	claims: JsonObject,
	audience: readonly string[],
	limits: TimeLimits,
): CheckedClaims {
	const expiresAt = checkTimes(claims, limits);
	checkAudience(claims, audience);
	optionalText(claims, "jti");
	return { expiresAt, scopes: parseScopes(claims) };
}
