/**
 * The claims every token of an organization must carry, whoever signed it: one place, so that no kind can
 * skip a check.
 * @module
 */

import type { JsonObject } from "../../encoding/json.js";
import { checkAudience, checkTimes, optionalText, type TimeLimits } from "../../jws/claims.js";
import { parseScopes } from "../../jws/scope.js";
import type { CheckedClaims } from "../token-kind.js";

/** Checks `exp`, `nbf`, `iat`, `aud`, `jti` and `scope`. */
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
