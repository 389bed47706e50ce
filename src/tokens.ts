/**
 * The kinds of token: each has a profile for `createVerifier` and a minter; and the interfaces for custom kinds.
 * @module
 */

export {
	type AppMinterOptions,
	type AppTokenOptions,
	createGitHubAppMinter,
	createIcrAppMinter,
} from "./tokens/app/app-minter.js";
export type { AppProfileOptions } from "./tokens/app/app-profile.js";
export { githubApp } from "./tokens/app/github-app.js";
export { icrApp } from "./tokens/app/icr-app.js";
export { createTokenMinter } from "./tokens/create-token-minter.js";
export { type IoctlProfileOptions, ioctl } from "./tokens/ioctl/ioctl.js";
export {
	createIoctlMinter,
	type IoctlMinterOptions,
	type IoctlTokenOptions,
} from "./tokens/ioctl/ioctl-minter.js";
export type { IoctlIssuer, TrustedIssuer, TrustedIssuers } from "./tokens/ioctl/trusted-issuers.js";
export type {
	IssuerKey,
	IssuerKeyLookup,
	IssuerKeys,
	KeysOfIssuer,
} from "./tokens/issuer-keys/issuer-keys.js";
export { keysFromFolder } from "./tokens/issuer-keys/keys-from-folder.js";
export { type JwksOptions, keysFromJwks } from "./tokens/issuer-keys/keys-from-jwks.js";
export type { LifetimeOptions } from "./tokens/lifetime.js";
export type { OrganizationProfileOptions } from "./tokens/orgid/organization-issuer.js";
export type {
	OrganizationMinterOptions,
	OrganizationTokenOptions,
} from "./tokens/orgid/organization-minter.js";
export { type OrgIdProfileOptions, orgid } from "./tokens/orgid/orgid.js";
export type { ScopeFormat } from "./tokens/orgid/orgid-claims.js";
export { createOrgIdMinter, type OrgIdMinterOptions } from "./tokens/orgid/orgid-minter.js";
export {
	createOrgIdAccountMinter,
	createOrgIdEip712Minter,
	createOrgIdEthMinter,
	type OrgIdAccountMinterOptions,
	type OrgIdEip712MinterOptions,
	type OrgIdEthMinterOptions,
} from "./tokens/orgid-account/account-minter.js";
export {
	type AccountTokenDomain,
	accountTokenData,
	hashAccountToken,
	hashEip712Token,
	hashEthToken,
	readEip712Signature,
	type TypedData,
	type UnsignedJws,
} from "./tokens/orgid-account/account-signature.js";
export type { AccountProviders } from "./tokens/orgid-account/account-signer.js";
export { type OrgIdAccountProfileOptions, orgidAccount } from "./tokens/orgid-account/orgid-account.js";
export { type OrgIdEip712ProfileOptions, orgidEip712 } from "./tokens/orgid-account/orgid-eip712.js";
export { type OrgIdEthProfileOptions, orgidEth } from "./tokens/orgid-account/orgid-eth.js";
export type { AccountSigner } from "./tokens/orgid-account/sign-account-token.js";
export type {
	DiscardOptions,
	Minter,
	MintTime,
	Profile,
	RequestDetails,
	RequiredGrant,
	ResolvedIssuer,
	ReusableTokenOptions,
	TokenIssuer,
	TokenMinter,
	TokenOptions,
	VerifiedClaims,
} from "./tokens/token-kind.js";
export { aclAllows, parseAcl } from "./tokens/vonage/acl.js";
export {
	type ClientSdkAclOptions,
	type ClientSdkResource,
	clientSdkAcl,
} from "./tokens/vonage/acl-presets.js";
export type { Acl, AclFilterValue, AclRule } from "./tokens/vonage/acl-schema.js";
export { requireAcl } from "./tokens/vonage/require-acl.js";
export { vonage } from "./tokens/vonage/vonage.js";
export type { VonageClaims } from "./tokens/vonage/vonage-claims.js";
export {
	createVonageMinter,
	type VonageMinterOptions,
	type VonageTokenOptions,
} from "./tokens/vonage/vonage-minter.js";
