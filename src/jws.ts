/**
 * Low-level compact JWS: inspect tokens, and sign your own header and claims. To verify, use `orgpass/auth`.
 * @module
 */

export type { JsonObject } from "./encoding/json.js";
export { assertAudience, type TimeLimits, verifyTimes } from "./jws/claims.js";
export { type CompactJws, DEFAULT_MAX_TOKEN_BYTES, decodeToken } from "./jws/decode-token.js";
export { assertHeader, type HeaderRules } from "./jws/header.js";
export { parseScopes } from "./jws/scope.js";
export { signToken } from "./jws/sign-token.js";
