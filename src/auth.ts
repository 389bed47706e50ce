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
export type { ExplainedStep, Explanation, StepName, StepSource } from "./auth/explain/explanation.js";
export { allOf, anyOf, type CombinedPolicy, not } from "./auth/policies/combine.js";
export { type DocumentRequirements, type JsonPrimitive, requireDocument } from "./auth/policies/document.js";
export { denyIssuer, requireIssuer } from "./auth/policies/issuer.js";
export { limitLifetime } from "./auth/policies/lifetime.js";
export { type MembershipOptions, requireMembership } from "./auth/policies/membership.js";
export { type OrganizationRequirements, requireOrganization } from "./auth/policies/organization.js";
export type { AssertToken, Policy } from "./auth/policies/policy.js";
export { limitRate, type RateLimiter } from "./auth/policies/rate.js";
export { requireAnyScope, requireScope } from "./auth/policies/scope.js";
export { requireTokenBalance, type TokenBalanceOptions } from "./auth/policies/token-balance.js";
export { createMemoryReplayStore, type MemoryReplayStoreOptions } from "./auth/replay/memory-store.js";
export type { ReplayStore } from "./auth/replay/replay-store.js";
export type { JsonObject } from "./encoding/json.js";
export type { OrgRecord } from "./registry/org-record.js";
export type { RequestDetails, RequiredGrant } from "./tokens/token-kind.js";
export type { VerifiedToken } from "./tokens/verified-token.js";
