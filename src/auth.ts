/**
 * Mint and verify tokens.
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
export type {
	AppMinterOptions,
	AppMintOptions,
	VonageMinterOptions,
	VonageMintOptions,
} from "./tokens/app/app-minter.js";
export { createMinter, type Minter } from "./tokens/create-minter.js";
export type { IoctlMinterOptions, IoctlMintOptions } from "./tokens/ioctl/ioctl-minter.js";
export type { LifetimeOptions } from "./tokens/minter.js";
export type { MinterOptions, MintOptionsOf } from "./tokens/minter-options.js";
export type {
	AccountMinterOptions,
	CommonMinterOptions,
	MintOptions,
	OrgIdAccountMinterOptions,
	OrgIdEip712MinterOptions,
	OrgIdEthMinterOptions,
	OrgIdMinterOptions,
} from "./tokens/orgid/organization-minter.js";
export type { AccountSigner } from "./tokens/orgid-account/sign-account-token.js";
export type { VerifiedToken } from "./tokens/verified-token.js";
