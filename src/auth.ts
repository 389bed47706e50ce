/**
 * Mint and verify tokens.
 * @module
 */
export { createMinter, type Minter } from "./auth/create-minter.js";
export {
	createVerifier,
	type Verifier,
	type VerifierOptions,
	type VerifyOptions,
} from "./auth/create-verifier.js";
export type { MinterOptions, MintOptionsOf } from "./auth/minter-options.js";
export type {
	AppMinterOptions,
	AppMintOptions,
	VonageMinterOptions,
	VonageMintOptions,
} from "./auth/minters/app-minter.js";
export type { IoctlMinterOptions, IoctlMintOptions } from "./auth/minters/ioctl-minter.js";
export type { LifetimeOptions } from "./auth/minters/maker.js";
export type {
	AccountMinterOptions,
	CommonMinterOptions,
	MintOptions,
	OrgIdAccountMinterOptions,
	OrgIdEip712MinterOptions,
	OrgIdEthMinterOptions,
	OrgIdMinterOptions,
} from "./auth/minters/organization-minter.js";
export { type Policy, requireAcl, requireScope } from "./auth/policies.js";
export type { VerifiedToken } from "./auth/verified-token.js";
export type { OrgRecord } from "./registry/org-record.js";
export type { JsonObject } from "./token/compact-jws.js";
export type { AccountSigner } from "./token/sign-account-token.js";
