/**
 * Bearer authentication (RFC 6750) without a framework: from a request's Authorization header to a decision. Tokens in
 * a query or a body (sections 2.2 and 2.3) are never read.
 * @module
 */
import * as z from "zod/mini";
import type { Verifier } from "../auth/create-verifier.js";
import { requireScope } from "../auth/policies.js";
import { type ErrorCode, OUTAGE_CODES } from "../errors/codes.js";
import { isOrgpassError } from "../errors/errors.js";
import { toScopes } from "../jws/scope.js";
import { assertOptions } from "../options/assert-options.js";
import { nonEmptyString, objectWith, optionsSchema, stringOrStrings } from "../options/schemas.js";
import type { RequestDetails } from "../tokens/token-kind.js";
import type { VerifiedToken } from "../tokens/verified-token.js";

/** Options of {@link createBearer}. */
export interface BearerOptions {
	/** Verifies the tokens. */
	readonly verifier: Verifier;
	/** The realm in challenges (RFC 9110 section 11.5); `orgpass` by default. */
	readonly realm?: string | undefined;
	/** Scopes that every token must carry. */
	readonly scope?: string | readonly string[] | undefined;
	/** The resource that every token's `sub` must name exactly, as ioctl's tokens do. */
	readonly resource?: string | undefined;
	/** The operation that every token must grant; for ioctl's tokens Create, Read, Update or Delete. */
	readonly operation?: string | undefined;
}

/** The request is allowed. */
export interface Granted {
	readonly granted: true;
	/** The request's verified token. */
	readonly auth: VerifiedToken;
}

/** The request is denied; contains the response to send. */
export interface Denied {
	readonly granted: false;
	/** 400, 401, 403, 500 or 503. */
	readonly status: number;
	/** `content-type`, `cache-control`, and `www-authenticate` or `retry-after`, in lower case. */
	readonly headers: Readonly<Record<string, string>>;
	/** JSON text `{"error","code"}`; it contains no part of the token. */
	readonly body: string;
	/** The error, for the server's own log. */
	readonly cause?: unknown;
}

/**
 * Allows or denies a request based on its Authorization header. Tokens with an access control list are refused unless
 * `request` is given.
 */
export type Bearer = (authorization: string | null | undefined, request?: RequestDetails) => Promise<Granted | Denied>;

/** Unless the error knows better. */
const RETRY_AFTER_SECONDS = 5;

const REALM = "printable ASCII without quotes and backslashes";

const schema = optionsSchema<BearerOptions>({
	verifier: objectWith("verify"),
	realm: z.optional(z.string(REALM).check(z.regex(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/, REALM))),
	scope: z.optional(stringOrStrings),
	resource: z.optional(nonEmptyString),
	operation: z.optional(nonEmptyString),
});

/**
 * Creates the framework-independent core of all HTTP adapters.
 *
 * @example
 * ```ts
 * import { createBearer } from "orgpass/http/fetch";
 * import { createVerifier, orgid } from "orgpass";
 *
 * const resolver = { resolve: async () => ({ didDocument: null, didDocumentMetadata: {}, didResolutionMetadata: {} }) };
 * const audience = `did:orgid:100:0x${"0b".repeat(32)}`;
 * const verifier = createVerifier({ profiles: [orgid({ audience, resolver })] });
 * const bearer = createBearer({ verifier });
 * const decision = await bearer(null);
 * decision.granted; // => false
 * ```
 * @param options the verifier, and what every token must grant
 * @returns the function that decides; it never throws
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @see RFC 6750
 */
export function createBearer(options: BearerOptions): Bearer {
	assertOptions(schema, options, "createBearer");
	const { verifier, realm = "orgpass", scope, resource, operation } = options;
	if (scope !== undefined) requireScope(scope);
	const required = scope === undefined ? undefined : toScopes(scope);

	return async function bearer(authorization, request) {
		if (!isBearer(authorization)) return deny(401, undefined, undefined);
		const token = readToken(authorization);
		if (token === undefined) return deny(400, "invalid_request", undefined);
		try {
			return Object.freeze({
				granted: true,
				auth: await verifier.verify(token, { scope: required, resource, operation, request }),
			});
		} catch (cause) {
			const code = isOrgpassError(cause) ? cause.code : undefined;
			const { status, error } = httpStatus(code);
			return deny(status, error, status === 500 ? undefined : code, cause);
		}
	};

	function deny(status: number, error: string | undefined, code: ErrorCode | undefined, cause?: unknown): Denied {
		const headers: Record<string, string> = {
			"content-type": "application/json",
			"cache-control": "no-store",
		};
		if (status === 503) headers["retry-after"] = String(retryAfter(cause));
		if (status < 500) headers["www-authenticate"] = challenge(error, code);
		const body = JSON.stringify({ error: error ?? "unauthorized", ...(code === undefined ? {} : { code }) });
		return Object.freeze({ granted: false, status, headers: Object.freeze(headers), body, cause });
	}

	/** Formats a challenge (RFC 6750 section 3); it contains no value from the request. */
	function challenge(error: string | undefined, code: ErrorCode | undefined): string {
		const parts = [`Bearer realm="${realm}"`];
		if (error !== undefined) parts.push(`error="${error}"`);
		if (code !== undefined) parts.push(`error_description="${code}"`);
		if (error !== "invalid_request" && required !== undefined) parts.push(`scope="${required.join(" ")}"`);
		return parts.join(", ");
	}
}

/** Schemes are case-insensitive (RFC 9110 section 11.1); another scheme counts as no token (RFC 6750 section 3.1). */
function isBearer(authorization: unknown): authorization is string {
	if (typeof authorization !== "string") return false;
	return authorization.slice(0, 7).trimEnd().toLowerCase() === "bearer";
}

/** One token after one or more spaces (RFC 6750 section 2.1); a comma means that two headers were merged. */
function readToken(authorization: string): string | undefined {
	let start = 6;
	while (authorization[start] === " ") start += 1;
	const token = authorization.slice(start);
	return start > 6 && token !== "" && !/[\s,]/.test(token) ? token : undefined;
}

function retryAfter(cause: unknown): number {
	const seconds = isOrgpassError(cause) ? cause.details["retryAfterSeconds"] : undefined;
	return typeof seconds === "number" && seconds > 0 ? Math.ceil(seconds) : RETRY_AFTER_SECONDS;
}

/** Maps the code of a failed verification to a status (RFC 6750 3.1, RFC 9110 15). */
export function httpStatus(code: ErrorCode | undefined): {
	readonly status: 401 | 403 | 500 | 503;
	readonly error: "invalid_token" | "insufficient_scope" | "server_error" | "temporarily_unavailable";
} {
	if (code === undefined) return { status: 500, error: "server_error" };
	if (OUTAGE_CODES.has(code)) return { status: 503, error: "temporarily_unavailable" };
	if (code.startsWith("policy/")) return { status: 403, error: "insufficient_scope" };
	const isAboutIssuer = /^(?:token|did|document)\//.test(code);
	return isAboutIssuer ? { status: 401, error: "invalid_token" } : { status: 500, error: "server_error" };
}
