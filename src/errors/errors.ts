/**
 * Every error orgpass throws on purpose: one base class, one subclass per domain, every code.
 * Programs branch on `code`; messages are for people and may change.
 * @module
 */

import type { ErrorCode } from "./codes.js";

const BRAND: unique symbol = Symbol.for("orgpass.error") as never;

/** What every error takes beside its code and message. */
export interface ErrorOptions {
	/** Facts for programs; frozen, never a secret. */
	readonly details?: Readonly<Record<string, unknown>> | undefined;
	/** The error underneath, for logs. */
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
	/** Facts for programs; frozen, never a secret. */
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

/**
 * A key can't be read, used or written.
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
export class KeyError extends OrgpassError {
	declare readonly code: CodeOf<"key">;

	constructor(code: CodeOf<"key">, message: string, options?: ErrorOptions) {
		super(code, message, options);
	}
}

/**
 * A token is refused for what it is or says.
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
export class TokenError extends OrgpassError {
	declare readonly code: CodeOf<"token">;

	constructor(code: CodeOf<"token">, message: string, options?: ErrorOptions) {
		super(code, message, options);
	}
}

/**
 * A DID, its document or one of its keys is refused.
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
export class DidError extends OrgpassError {
	declare readonly code: CodeOf<"did">;

	constructor(code: CodeOf<"did">, message: string, options?: ErrorOptions) {
		super(code, message, options);
	}
}

/**
 * An organization's document can't be had, or is not what the chain says it is.
 *
 * @example
 * ```ts
 * import { DocumentError } from "orgpass";
 *
 * const error = new DocumentError("document/hash-mismatch", "expected the document of the hash on chain");
 * error.code; // => "document/hash-mismatch"
 * ```
 */
export class DocumentError extends OrgpassError {
	declare readonly code: CodeOf<"document">;

	constructor(code: CodeOf<"document">, message: string, options?: ErrorOptions) {
		super(code, message, options);
	}
}

/**
 * The registry or the chain below it can't answer, or refuses.
 *
 * @example
 * ```ts
 * import { RegistryError } from "orgpass";
 *
 * const error = new RegistryError("registry/unreachable", "the RPC node did not answer");
 * error.code; // => "registry/unreachable"
 * ```
 */
export class RegistryError extends OrgpassError {
	declare readonly code: CodeOf<"registry">;

	constructor(code: CodeOf<"registry">, message: string, options?: ErrorOptions) {
		super(code, message, options);
	}
}

/**
 * A good token that doesn't grant what was asked. A policy of your own throws it, too.
 *
 * @example
 * ```ts
 * import { PolicyError } from "orgpass";
 *
 * const error = new PolicyError("policy/scope", "expected the scope book", { details: { missing: ["book"] } });
 * error.details; // => { missing: ["book"] }
 * ```
 */
export class PolicyError extends OrgpassError {
	declare readonly code: CodeOf<"policy">;

	constructor(code: CodeOf<"policy">, message: string, options?: ErrorOptions) {
		super(code, message, options);
	}
}

/**
 * A caller's mistake: options, files, environment.
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
export class ConfigError extends OrgpassError {
	declare readonly code: CodeOf<"config">;

	constructor(code: CodeOf<"config">, message: string, options?: ErrorOptions) {
		super(code, message, options);
	}
}

/**
 * Tells whether a value is an orgpass error, also across two installed copies of the package.
 *
 * @example
 * ```ts
 * import { isOrgpassError, ConfigError } from "orgpass";
 *
 * isOrgpassError(new ConfigError("config/file", "no such file")); // => true
 * isOrgpassError(new Error("no such file")); // => false
 * ```
 * @param value anything, usually what a `catch` caught
 * @returns true for an error with a `code` of {@link ErrorCode}
 */
export function isOrgpassError(value: unknown): value is OrgpassError {
	return typeof value === "object" && value !== null && (value as Record<symbol, unknown>)[BRAND] === true;
}
