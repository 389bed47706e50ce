/**
 * The kinds of token a verifier can accept.
 * @module
 */
export { type OrgIdProfileOptions, orgid } from "./profiles/orgid.js";
export type { ScopeFormat } from "./profiles/orgid-claims.js";
export type { Profile, ProfileName, ResolvedIssuer, TokenIssuer } from "./profiles/profile.js";
