/**
 * orgpass: organizations sign in to each other's APIs with keys they anchor on Ethereum.
 * @module
 */
export * from "./auth.js";
export { ERROR_CODES, type ErrorCode } from "./errors/codes.js";
export {
	ClientError,
	ConfigError,
	DidError,
	DocumentError,
	type ErrorOptions,
	isOrgpassError,
	KeyError,
	OrgpassError,
	PolicyError,
	RegistryError,
	ReplayError,
	TokenError,
} from "./errors/errors.js";
export * from "./keys.js";
export * from "./resolver.js";
export * from "./tokens.js";
