/**
 * `exp` in milliseconds, as Winding Tree's SDK writes it in EIP-712 tokens.
 * @module
 */
import type { JsonObject } from "../../encoding/json.js";
import { TokenError } from "../../errors/errors.js";
import { MAX_NUMERIC_DATE } from "../../jws/claims.js";

/** Converts an `exp` in milliseconds to seconds, or throws `token/milliseconds` if it isn't accepted. */
export function toExpInSeconds(claims: JsonObject, isAccepted: boolean): JsonObject {
	const exp = claims["exp"];
	const isMilliseconds = Number.isSafeInteger(exp) && (exp as number) > MAX_NUMERIC_DATE;
	if (!isMilliseconds || (exp as number) / 1_000 > MAX_NUMERIC_DATE) return claims;
	if (isAccepted) return { ...claims, exp: (exp as number) / 1_000 };
	throw new TokenError("token/milliseconds", `exp is in milliseconds: expected seconds, got ${exp}`, {
		details: { claim: "exp", exp },
	});
}
