/**
 * Mint and verify tokens.
 * @module
 */
export { createMinter, type Minter } from "./tokens/create-minter.js";
export {
	createVerifier,
	type Verifier,
	type VerifierOptions,
	type VerifyOptions,
} from "./auth/create-verifier.js";
export type { MinterOptions, MintOptionsOf } from "./tokens/minter-options.js";
export type {
	AppMinterOptions,
	AppMintOptions,
	VonageMinterOptions,
	VonageMintOptions,
} from "./tokens/app/app-minter.js";
export type { IoctlMinterOptions, IoctlMintOptions } from "./tokens/ioctl/ioctl-minter.js";
export type { LifetimeOptions } from "./tokens/minter.js";
export type {
	AccountMinterOptions,
	CommonMinterOptions,
	MintOptions,
	OrgIdAccountMinterOptions,
	OrgIdEip712MinterOptions,
	OrgIdEthMinterOptions,
	OrgIdMinterOptions,
} from "./tokens/orgid/organization-minter.js";
export { type Policy, requireAcl, requireScope } from "./auth/policies.js";
export type { VerifiedToken } from "./tokens/verified-token.js";
export type { OrgRecord } from "./registry/org-record.js";
export type { JsonObject } from "./jws/decode-token.js";
export type { AccountSigner } from "./tokens/orgid-account/sign-account-token.js";
