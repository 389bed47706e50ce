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
	CommonMinterOptions,
	MinterOptions,
	OrgIdAccountMinterOptions,
	OrgIdEip712MinterOptions,
	OrgIdEthMinterOptions,
	OrgIdMinterOptions,
} from "./auth/minter-options.js";
export { type Policy, requireScope } from "./auth/policies.js";
export type { VerifiedToken } from "./auth/verified-token.js";
