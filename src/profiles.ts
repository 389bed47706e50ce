/**
 * The kinds of token a verifier can accept.
 * @module
 */
export type { AccountProviders } from "./profiles/account-signer.js";
export type { OrganizationProfileOptions } from "./profiles/organization-issuer.js";
export { type OrgIdProfileOptions, orgid } from "./profiles/orgid.js";
export { type OrgIdAccountProfileOptions, orgidAccount } from "./profiles/orgid-account.js";
export type { ScopeFormat } from "./profiles/orgid-claims.js";
export { type OrgIdEip712ProfileOptions, orgidEip712 } from "./profiles/orgid-eip712.js";
export { type OrgIdEthProfileOptions, orgidEth } from "./profiles/orgid-eth.js";
export type { Profile, ProfileName, ResolvedIssuer, TokenIssuer } from "./profiles/profile.js";
export { type AclRequest, aclAllows, parseAcl } from "./profiles/vonage/acl.js";
export {
	type ClientSdkAclOptions,
	type ClientSdkResource,
	clientSdkAcl,
} from "./profiles/vonage/acl-presets.js";
export type { Acl, AclFilterValue, AclRule } from "./profiles/vonage/acl-schema.js";
export type { TimeLimits } from "./token/claims.js";
