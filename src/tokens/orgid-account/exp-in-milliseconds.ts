/**
 * `exp` in milliseconds, as Winding Tree's SDK writes it in EIP-712 tokens.
 * @module
 */
import type { JsonObject } from "../../encoding/json.js";
import { isMilliseconds } from "../../jws/claims.js";

/** Converts an `exp` in whole milliseconds to seconds. */
export function toExpInSeconds(claims: JsonObject): JsonObject {
	const { exp } = claims;
	return isMilliseconds(exp) && Number.isInteger(exp) ? { ...claims, exp: exp / 1_000 } : claims;
}
