/**
 * The one table from error codes to HTTP statuses (RFC 6750 3.1, RFC 9110 15).
 * @module
 */
import { type ErrorCode, OUTAGE_CODES } from "../errors/codes.js";

/** A status and the error name that goes with it. */
export interface HttpStatus {
	readonly status: 401 | 403 | 500 | 503;
	readonly error: "invalid_token" | "insufficient_scope" | "server_error" | "temporarily_unavailable";
}

/** Tells the status of a refused verification. */
export function httpStatus(code: ErrorCode | undefined): HttpStatus {
	if (code === undefined) return { status: 500, error: "server_error" };
	if (OUTAGE_CODES.has(code)) return { status: 503, error: "temporarily_unavailable" };
	if (code.startsWith("policy/")) return { status: 403, error: "insufficient_scope" };
	const isAboutIssuer = /^(?:token|did|document)\//.test(code);
	return isAboutIssuer ? { status: 401, error: "invalid_token" } : { status: 500, error: "server_error" };
}
