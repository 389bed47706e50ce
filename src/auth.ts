/**
 * Mint and verify tokens.
 * @module
 */
export {
	createMinter,
	type Minter,
	type MintOptions,
} from "./auth/create-minter.js";
export {
	createVerifier,
	type Verifier,
	type VerifierOptions,
	type VerifyOptions,
} from "./auth/create-verifier.js";
export type {
	AccountMinterOptions,
	CommonMinterOptions,
	MinterOptions,
	OrgIdAccountMinterOptions,
	OrgIdEip712MinterOptions,
	OrgIdEthMinterOptions,
	OrgIdMinterOptions,
} from "./auth/minter-options.js";
export { type Policy, requireScope } from "./auth/policies.js";
export type { VerifiedToken } from "./auth/verified-token.js";
export type { OrgRecord } from "./registry/org-record.js";
export type { JsonObject } from "./token/compact-jws.js";
export type { AccountSigner } from "./token/sign-account-token.js";
