/**
 * The claims that every token of an organization must have, in one place, so that no kind can skip a check.
 * @module
 */
import type { JsonObject } from "../../encoding/json.js";
import { assertAudience, missingClaim, parseOptionalText, type TimeLimits, verifyTimes } from "../../jws/claims.js";
import { parseScopes } from "../../jws/scope.js";
import type { VerifiedClaims } from "../token-kind.js";

/** What a profile requires of the claims. */
export interface ClaimRules {
	/** The server's names in `aud`. */
	readonly audience: readonly string[];
	/** Whether `iat` is required. */
	readonly requireIssuedAt: boolean;
}

/** Verifies `exp`, `nbf`, `iat`, `aud`, `jti` and `scope`. */
export function verifyOrganizationClaims(
	claims: JsonObject,
	{ audience, requireIssuedAt }: ClaimRules,
	limits: TimeLimits,
): VerifiedClaims {
	const expiresAt = verifyTimes(claims, limits);
	if (requireIssuedAt && claims["iat"] === undefined) throw missingClaim("iat");
	assertAudience(claims, audience);
	parseOptionalText(claims, "jti");
	return { expiresAt, scopes: parseScopes(claims) };
}
