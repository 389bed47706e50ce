/**
 * Describes why a request failed, without quoting URLs (nodes' URLs carry API keys) or anything that the host sent.
 * @module
 */
import { TransportError } from "./http-message.js";

export interface RequestFailure {
	/** What the host did, such as `responded with status 500`. */
	readonly reason: string;
	readonly details: { readonly status?: number; readonly errno?: string };
}

const UNUSABLE: RequestFailure = { reason: "did not send a usable response", details: {} };
const NO_ANSWER: RequestFailure = { reason: "did not respond in time", details: {} };
const MAX_CAUSES = 4;

const STATUSES: ReadonlyMap<number, string> = new Map([
	[401, "refused the credentials"],
	[403, "refused the request"],
	[407, "is behind a proxy that requires credentials"],
	[429, "limits the rate of requests"],
]);

/** Reasons by the start of the error code. */
const ERRNOS: readonly (readonly [string, string])[] = [
	["ECONNREFUSED", "refused the connection"],
	["ECONNRESET", "closed the connection"],
	["EPIPE", "closed the connection"],
	["ETIMEDOUT", "did not respond in time"],
	["EHOSTUNREACH", "can't be reached"],
	["ENETUNREACH", "can't be reached"],
	["ENOTFOUND", "has no known address"],
	["ENODATA", "has no known address"],
	["EAI_", "can't be looked up"],
	["ERR_PROXY_", "can't be reached through the proxy"],
	["HPE_HEADER_OVERFLOW", "sent headers that are too large"],
	["HPE_", "did not respond with valid HTTP"],
	...["CERT_", "DEPTH_ZERO_", "SELF_SIGNED_", "UNABLE_TO_", "INVALID_CA", "HOSTNAME_MISMATCH"].map(
		(start) => [start, "has a TLS certificate that isn't trusted"] as const,
	),
	["ERR_TLS_CERT_", "has a TLS certificate that isn't trusted"],
	...["ERR_TLS_", "ERR_SSL_", "EPROTO"].map((start) => [start, "failed the TLS handshake"] as const),
];

/** Finds the first known reason in the chain of causes. */
export function describeFailure(error: unknown): RequestFailure {
	let current = error;
	for (let i = 0; i < MAX_CAUSES && typeof current === "object" && current !== null; i++) {
		const { name, code, cause } = current as { name?: unknown; code?: unknown; cause?: unknown };
		if (current instanceof TransportError) return describeResponse(current);
		if (name === "TimeoutError") return NO_ANSWER;
		const known = ERRNOS.find(([start]) => typeof code === "string" && code.startsWith(start));
		if (known !== undefined) return { reason: `${known[1]} (${code})`, details: { errno: code as string } };
		current = cause;
	}
	return UNUSABLE;
}

function describeResponse({ code, status, message }: TransportError): RequestFailure {
	if (code === "json") return { reason: "did not respond with JSON", details: {} };
	if (status === undefined) return { reason: `${UNUSABLE.reason}: ${message}`, details: {} };
	if (code === "redirect") return { reason: `redirects, which isn't followed (status ${status})`, details: { status } };
	const known = STATUSES.get(status);
	const reason = known === undefined ? `responded with status ${status}` : `${known} (status ${status})`;
	return { reason, details: { status } };
}
