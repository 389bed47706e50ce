/**
 * Verify tokens, and require what a valid token must grant.
 * @module
 */

export {
	createVerifier,
	type Verifier,
	type VerifierOptions,
	type VerifyOptions,
} from "./auth/create-verifier.js";
export { type Policy, requireScope } from "./auth/policies.js";
export type { JsonObject } from "./encoding/json.js";
export type { OrgRecord } from "./registry/org-record.js";
export type { RequestDetails, RequiredGrant } from "./tokens/token-kind.js";
export type { VerifiedToken } from "./tokens/verified-token.js";
