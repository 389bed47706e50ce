/**
 * The kinds of token a verifier can accept.
 * @module
 */
export type { AccountProviders } from "./profiles/account-signer.js";
export type { AppProfileName } from "./profiles/app/app-claims.js";
export type { AppProfileOptions } from "./profiles/app/app-profile.js";
export { githubApp } from "./profiles/app/github-app.js";
export { icrApp } from "./profiles/app/icr-app.js";
export { type IoctlProfileOptions, ioctl } from "./profiles/ioctl/ioctl.js";
export type { IoctlIssuer, TrustedIssuer, TrustedIssuers } from "./profiles/ioctl/trusted-issuers.js";
export type {
	IssuerKey,
	IssuerKeyLookup,
	IssuerKeys,
	KeysOfIssuer,
} from "./profiles/issuer-keys/issuer-keys.js";
export { keysFromFolder } from "./profiles/issuer-keys/keys-from-folder.js";
export { type JwksOptions, keysFromJwks } from "./profiles/issuer-keys/keys-from-jwks.js";
export type { OrganizationProfileOptions } from "./profiles/organization-issuer.js";
export { type OrgIdProfileOptions, orgid } from "./profiles/orgid.js";
export { type OrgIdAccountProfileOptions, orgidAccount } from "./profiles/orgid-account.js";
export type { ScopeFormat } from "./profiles/orgid-claims.js";
export { type OrgIdEip712ProfileOptions, orgidEip712 } from "./profiles/orgid-eip712.js";
export { type OrgIdEthProfileOptions, orgidEth } from "./profiles/orgid-eth.js";
export type {
	AskedGrant,
	CheckedClaims,
	Profile,
	ProfileName,
	ResolvedIssuer,
	TokenIssuer,
} from "./profiles/profile.js";
export { type AclRequest, aclAllows, parseAcl } from "./profiles/vonage/acl.js";
export {
	type ClientSdkAclOptions,
	type ClientSdkResource,
	clientSdkAcl,
} from "./profiles/vonage/acl-presets.js";
export type { Acl, AclFilterValue, AclRule } from "./profiles/vonage/acl-schema.js";
export { vonage } from "./profiles/vonage/vonage.js";
export type { VonageClaims } from "./profiles/vonage/vonage-claims.js";
export type { TimeLimits } from "./token/claims.js";
