/**
 * The responses to requests that are denied: statuses, challenges (RFC 6750 section 3) and problem details (RFC 9457).
 * They contain nothing from the request.
 * @module
 */
import { type PolicyStatus, statusOfPolicyError } from "../auth/policies/policy.js";
import type { ErrorCode } from "../errors/codes.js";
import { isOrgpassError, type PolicyError } from "../errors/errors.js";
import { OUTAGE_CODES } from "../errors/outage-codes.js";

/** The request is denied; contains the response to send. */
export interface Denied {
	readonly granted: false;
	/** Whether the request has no bearer token at all, so that an optional route may serve it. */
	readonly isAnonymous: boolean;
	/** 400, 401, 403, 429, 500 or 503. */
	readonly status: number;
	/** `content-type`, `cache-control`, and `www-authenticate` or `retry-after`, in lower case. */
	readonly headers: Readonly<Record<string, string>>;
	/** Problem details as JSON text: `type`, `title`, `status` and `code`; it contains no part of the token. */
	readonly body: string;
	/** The error, for the server's own log. */
	readonly cause?: unknown;
	/** The issuer of a valid token that doesn't grant what a route requires. */
	readonly issuer?: string;
}

/** Why a request is denied. */
export interface Failure {
	readonly status: 400 | 401 | 403 | 429 | 500 | 503;
	/** Absent if there is no token (RFC 6750 section 3.1). */
	readonly error?: "invalid_request" | "invalid_token" | "insufficient_scope" | undefined;
	readonly code?: ErrorCode | undefined;
	readonly cause?: unknown;
	readonly issuer?: string | undefined;
}

const DEFAULT_RETRY_AFTER_SECONDS = 5;
const MAX_RETRY_AFTER_SECONDS = 3_600;
/** Names every code and says what to do. */
const ERRORS_PAGE = "https://unpkg.com/orgpass/docs/errors.md";

const TITLES: Readonly<Record<Failure["status"], string>> = {
	400: "The Authorization header is malformed",
	401: "A valid token is required",
	403: "The token doesn't grant this",
	429: "Too many requests",
	500: "The server can't authenticate requests",
	503: "The token can't be verified at the moment",
};

const POLICY_ERRORS: Readonly<Record<PolicyStatus, Failure["error"]>> = {
	401: "invalid_token",
	403: "insufficient_scope",
	429: undefined,
	503: undefined,
};

/** Returns the function that builds responses. */
export function createChallenger(
	realm: string,
	resourceMetadata: string | undefined,
): (failure: Failure, scopes: readonly string[] | undefined) => Denied {
	return function deny({ status, error, code, cause, issuer }, scopes) {
		const headers: Record<string, string> = {
			"content-type": "application/problem+json",
			"cache-control": "no-store",
		};
		if (status === 429 || status === 503) headers["retry-after"] = String(retryAfterSeconds(cause));
		else if (status < 500) headers["www-authenticate"] = challenge({ error, code }, scopes);
		const type = code === undefined ? "about:blank" : `${ERRORS_PAGE}#${code}`;
		const body = JSON.stringify({ type, title: TITLES[status], status, code });
		const isAnonymous = status === 401 && error === undefined;
		return Object.freeze({
			granted: false,
			isAnonymous,
			status,
			headers: Object.freeze(headers),
			body,
			cause,
			...(issuer === undefined ? {} : { issuer }),
		});
	};

	function challenge({ error, code }: Pick<Failure, "error" | "code">, scopes: readonly string[] | undefined): string {
		const parts = [`Bearer realm="${realm}"`];
		if (error !== undefined) parts.push(`error="${error}"`);
		if (code !== undefined) parts.push(`error_description="${code}"`);
		if (error !== "invalid_request" && scopes !== undefined) parts.push(`scope="${scopes.join(" ")}"`);
		if (resourceMetadata !== undefined) parts.push(`resource_metadata="${resourceMetadata}"`);
		return parts.join(", ");
	}
}

/** Maps an error to a status (RFC 6750 section 3.1, RFC 9110 section 15); errors without a code are bugs. */
export function toFailure(cause: unknown): Failure {
	const code = isOrgpassError(cause) ? cause.code : undefined;
	if (code === undefined) return { status: 500, cause };
	if (OUTAGE_CODES.has(code)) return { status: 503, code, cause };
	if (code.startsWith("policy/")) {
		const status = statusOfPolicyError(cause as PolicyError);
		return { status, error: POLICY_ERRORS[status], code, cause };
	}
	const isInvalidToken = /^(?:token|did|document|replay)\//.test(code);
	return isInvalidToken ? { status: 401, error: "invalid_token", code, cause } : { status: 500, cause };
}

/** How long the outage or the limit will last, if the error says so. */
function retryAfterSeconds(cause: unknown): number {
	const known = isOrgpassError(cause) ? cause.details["retryAfterSeconds"] : undefined;
	if (typeof known !== "number" || !(known > 0)) return DEFAULT_RETRY_AFTER_SECONDS;
	return Math.min(Math.ceil(known), MAX_RETRY_AFTER_SECONDS);
}
