/**
 * orgpass: organizations sign in to each other's APIs with keys they anchor on Ethereum.
 * @module
 */
export * from "./auth.js";
export { ERROR_CODES, type ErrorCode } from "./error-codes.js";
export {
	ConfigError,
	DidError,
	DocumentError,
	type ErrorOptions,
	isOrgpassError,
	KeyError,
	OrgpassError,
	PolicyError,
	RegistryError,
	TokenError,
} from "./errors.js";
export * from "./keys.js";
export * from "./orgid.js";
export * from "./profiles.js";
