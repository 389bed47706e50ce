/**
 * The claims that every token of an organization must have, in one place, so that no kind can skip a check.
 * @module
 */
import type { JsonObject } from "../../encoding/json.js";
import { assertAudience, parseOptionalText, type TimeLimits, verifyTimes } from "../../jws/claims.js";
import { parseScopes } from "../../jws/scope.js";
import type { VerifiedClaims } from "../token-kind.js";

/** Verifies `exp`, `nbf`, `iat`, `aud`, `jti` and `scope`. */
export function verifyOrganizationClaims(
	claims: JsonObject,
	audience: readonly string[],
	limits: TimeLimits,
): VerifiedClaims {
	const expiresAt = verifyTimes(claims, limits);
	assertAudience(claims, audience);
	parseOptionalText(claims, "jti");
	return { expiresAt, scopes: parseScopes(claims) };
}
