/**
 * The errors that orgpass throws: one base class and one subclass per domain. Branch on `code`; messages are
 * for people and may change.
 * @module
 */

import type { ErrorCode } from "./codes.js";

const BRAND: unique symbol = Symbol.for("orgpass.error") as never;

/** The optional parts of an error. */
export interface ErrorOptions {
	/** Machine-readable facts; frozen, never a secret. */
	readonly details?: Readonly<Record<string, unknown>> | undefined;
	/** The underlying error, for logs. */
	readonly cause?: unknown | undefined;
}

/**
 * The base of all orgpass errors.
 *
 * @example
 * ```ts
 * import { ConfigError, OrgpassError } from "orgpass";
 *
 * const error = new ConfigError("config/file", "can't read k.pem", { details: { file: "k.pem" } });
 * error instanceof OrgpassError; // => true
 * [error.code, error.details]; // => ["config/file", { file: "k.pem" }]
 * ```
 */
export class OrgpassError extends Error {
	/** Stable, `domain/reason`. */
	readonly code: ErrorCode;
	/** Machine-readable facts; frozen, never a secret. */
	readonly details: Readonly<Record<string, unknown>>;

	constructor(code: ErrorCode, message: string, { details, cause }: ErrorOptions = {}) {
		super(message, cause === undefined ? undefined : { cause });
		this.name = new.target.name;
		this.code = code;
		this.details = Object.freeze({ ...details });
		Object.defineProperty(this, BRAND, { value: true });
	}
}

type CodeOf<Domain extends string> = Extract<ErrorCode, `${Domain}/${string}`>;

/** Narrows `code` to one domain. */
abstract class DomainError<Domain extends string> extends OrgpassError {
	declare readonly code: CodeOf<Domain>;

	constructor(code: CodeOf<Domain>, message: string, options?: ErrorOptions) {
		super(code, message, options);
	}
}

/**
 * A key can't be imported, exported or used.
 *
 * @example
 * ```ts
 * import { importPublicKey, KeyError } from "orgpass";
 *
 * try {
 *   importPublicKey("no key");
 * } catch (error) {
 *   if (!(error instanceof KeyError)) throw error;
 *   error.code.startsWith("key/");
 * }
 * ```
 */
export class KeyError extends DomainError<"key"> {}

/**
 * A token is malformed, or one of its claims is invalid.
 *
 * @example
 * ```ts
 * import { TokenError } from "orgpass";
 * import { decodeToken } from "orgpass/jws";
 *
 * try {
 *   decodeToken("no token");
 * } catch (error) {
 *   if (!(error instanceof TokenError)) throw error;
 * }
 * ```
 */
export class TokenError extends DomainError<"token"> {}

/**
 * A DID, its DID document or one of its keys is invalid.
 *
 * @example
 * ```ts
 * import { DidError } from "orgpass";
 * import { parseDidUrl } from "orgpass/did";
 *
 * try {
 *   parseDidUrl("did:example:1");
 * } catch (error) {
 *   if (!(error instanceof DidError)) throw error;
 * }
 * ```
 */
export class DidError extends DomainError<"did"> {}

/**
 * An organization's document can't be fetched, or doesn't match what the chain says about it.
 *
 * @example
 * ```ts
 * import { DocumentError } from "orgpass";
 *
 * const error = new DocumentError("document/hash-mismatch", "expected the document of the hash on chain");
 * error.code; // => "document/hash-mismatch"
 * ```
 */
export class DocumentError extends DomainError<"document"> {}

/**
 * The registry or its chain can't be reached, or rejected a call.
 *
 * @example
 * ```ts
 * import { RegistryError } from "orgpass";
 *
 * const error = new RegistryError("registry/unreachable", "the RPC node did not answer");
 * error.code; // => "registry/unreachable"
 * ```
 */
export class RegistryError extends DomainError<"registry"> {}

/**
 * A valid token doesn't grant what was required. Policies of your own can throw it, too.
 *
 * @example
 * ```ts
 * import { PolicyError } from "orgpass";
 *
 * const error = new PolicyError("policy/scope", "expected the scope book", { details: { missing: ["book"] } });
 * error.details; // => { missing: ["book"] }
 * ```
 */
export class PolicyError extends DomainError<"policy"> {}

/**
 * A mistake in options, files or the environment.
 *
 * @example
 * ```ts
 * import { ConfigError, createVerifier } from "orgpass";
 *
 * try {
 *   createVerifier({ profiles: [] });
 * } catch (error) {
 *   if (!(error instanceof ConfigError)) throw error;
 * }
 * ```
 */
export class ConfigError extends DomainError<"config"> {}

/**
 * Checks whether a value is an orgpass error, even one from another installed copy of the package.
 *
 * @example
 * ```ts
 * import { isOrgpassError, ConfigError } from "orgpass";
 *
 * isOrgpassError(new ConfigError("config/file", "no such file")); // => true
 * isOrgpassError(new Error("no such file")); // => false
 * ```
 * @param value any value, usually a caught error
 * @returns true for an error whose `code` is an {@link ErrorCode}
 */
export function isOrgpassError(value: unknown): value is OrgpassError {
	return typeof value === "object" && value !== null && (value as Record<symbol, unknown>)[BRAND] === true;
}
