/**
 * The errors that orgpass throws: one base class and one subclass per domain. Branch on `code`; messages are for humans
 * and may change. Untrusted values are escaped before a message shows them.
 * @module
 */
import type { ErrorCode } from "./codes.js";

const BRAND: unique symbol = Symbol.for("orgpass.error") as never;
/** The longest text shown, in characters. */
const MAX_SHOWN = 96;

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
 * import { KeyError } from "orgpass";
 *
 * new KeyError("key/weak", "the RSA key is too short").code; // => "key/weak"
 * ```
 */
export class KeyError extends DomainError<"key"> {}

/**
 * A token is malformed, or one of its claims is invalid.
 *
 * @example
 * ```ts
 * import { TokenError } from "orgpass";
 *
 * new TokenError("token/expired", "expected exp after 1000, got 900").code; // => "token/expired"
 * ```
 */
export class TokenError extends DomainError<"token"> {}

/**
 * A DID, its DID document or one of its keys is invalid.
 *
 * @example
 * ```ts
 * import { DidError } from "orgpass";
 *
 * new DidError("did/syntax", "expected a DID").code; // => "did/syntax"
 * ```
 */
export class DidError extends DomainError<"did"> {}

/**
 * An organization's document can't be fetched, or doesn't match its record on chain.
 *
 * @example
 * ```ts
 * import { DocumentError } from "orgpass";
 *
 * new DocumentError("document/hash-mismatch", "expected the document of the hash on chain").code; // => "document/hash-mismatch"
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
 * new RegistryError("registry/unreachable", "the RPC node did not respond").code; // => "registry/unreachable"
 * ```
 */
export class RegistryError extends DomainError<"registry"> {}

/**
 * A valid token doesn't grant what was required. Custom policies can throw it too.
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
 * A valid token was presented before, or nobody can tell. Your own stores of used tokens can throw it too.
 *
 * @example
 * ```ts
 * import { ReplayError } from "orgpass";
 *
 * new ReplayError("replay/seen", "the token was presented before").code; // => "replay/seen"
 * ```
 */
export class ReplayError extends DomainError<"replay"> {}

/**
 * A mistake in options, files or the environment.
 *
 * @example
 * ```ts
 * import { ConfigError } from "orgpass";
 *
 * new ConfigError("config/file", "can't read k.pem").code; // => "config/file"
 * ```
 */
export class ConfigError extends DomainError<"config"> {}

/**
 * A request can't be completed.
 *
 * @example
 * ```ts
 * import { ClientError } from "orgpass";
 *
 * new ClientError("client/redirect", "more than 20 redirects").code; // => "client/redirect"
 * ```
 */
export class ClientError extends DomainError<"client"> {}

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

/** Escapes all but printable ASCII, so that control sequences, bidirectional overrides and look-alikes are visible. */
export function escapeText(text: string): string {
	let shown = "";
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		shown += code >= 0x20 && code < 0x7f ? text[i] : `\\u${code.toString(16).padStart(4, "0")}`;
	}
	return shown;
}

/** Formats a value for an error message: strings are quoted, escaped and shortened. Never use it for a secret. */
export function formatValue(value: unknown): string {
	if (typeof value === "string") {
		if (value === "") return "an empty string";
		const shown = `"${escapeText(value.slice(0, MAX_SHOWN))}"`;
		return value.length > MAX_SHOWN ? `${shown}… (${value.length} characters)` : shown;
	}
	if (value === null || typeof value === "number" || typeof value === "boolean") return String(value);
	if (value === undefined) return "nothing";
	if (Array.isArray(value)) return "an array";
	return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
