/**
 * Errors for requests to a node. They name its host, what it did, and the status, errno or JSON-RPC code; what the node
 * wrote is only in `cause`.
 * @module
 */
import type { JsonRpcProvider } from "ethers";
import { formatValue, RegistryError } from "../errors/errors.js";
import { describeFailure } from "../network/describe-failure.js";
import { TransportError } from "../network/http-message.js";
import { hasCode } from "./coded-error.js";

/** JSON-RPC codes for rate limits: EIP-1474's, and the HTTP status that some nodes reuse. */
export const RATE_LIMITS: ReadonlySet<unknown> = new Set([-32_005, 429]);

/** Names no host, because it is no fault of a node. */
const CLOSED = "the connection to the RPC node was closed with close()";

/** Converts the failure of a request. */
export function toCallError(provider: object, error: unknown): RegistryError {
	const cause = withoutUrl(error);
	if (isClosed(provider, cause)) return new RegistryError("registry/unreachable", CLOSED, { cause });
	const { reason, details } = describeCallFailure(cause);
	// What a wallet rejects with looks like a node's error, too.
	const isNodeError = urlOf(provider) !== undefined && nodeErrorOf(cause) !== undefined;
	const isUnreachable = RATE_LIMITS.has(details.rpcCode) || (isOutage(cause) && !isNodeError);
	const code = isUnreachable ? "registry/unreachable" : "registry/bad-response";
	const at = hostDetails(provider, error);
	const node = at.host === undefined ? "the RPC node" : `the RPC node ${formatValue(at.host)}`;
	return new RegistryError(code, `${node} ${reason}`, { details: { ...at, ...details }, cause });
}

/** Whether a provider of ours sends nothing any more, because its resolver or registry was closed. */
function isClosed(provider: object, error: unknown): boolean {
	return "nodeUrl" in provider && hasCode(error, "UNSUPPORTED_OPERATION");
}

/** What the node did, with the JSON-RPC code of its error if it returned one. */
export function describeCallFailure(error: unknown): {
	readonly reason: string;
	readonly details: { readonly status?: number; readonly errno?: string; readonly rpcCode?: number };
} {
	const rpcCode = rpcCodeOf(error);
	if (rpcCode === undefined) return describeFailure(error);
	const what = RATE_LIMITS.has(rpcCode) ? "limits the rate of requests" : "returned an error";
	return { reason: `${what} (JSON-RPC ${rpcCode})`, details: { rpcCode } };
}

/** The hosts of the nodes that failed, because a provider may have several. */
const failedHosts = new WeakMap<object, string>();

/** Remembers which node an error is about. */
export function setFailedHost(error: unknown, host: string): void {
	if (typeof error === "object" && error !== null) failedHosts.set(error, host);
}

/** Only the host: the rest of a node's URL may be secret. */
export function hostDetails(provider: object, error?: unknown): { readonly host?: string } {
	const failed = failedHosts.get(error as object);
	if (failed !== undefined) return { host: failed };
	const url = urlOf(provider) ?? "";
	return URL.canParse(url) ? { host: new URL(url).host } : {};
}

/** The URL of our provider's first node, or of an ethers provider's node. */
function urlOf(provider: object): string | undefined {
	if ("nodeUrl" in provider) return String(provider.nodeUrl);
	return "_getConnection" in provider ? (provider as JsonRpcProvider)._getConnection().url : undefined;
}

/** Creates the error for a node of another chain. */
export function wrongChain(at: { readonly host?: string }, actual: number, expected: number): RegistryError {
	const where = at.host === undefined ? "" : ` at ${formatValue(at.host)}`;
	const message = `expected a node of chain ${expected}, got one of ${actual}${where}`;
	return new RegistryError("registry/wrong-chain", message, { details: { ...at, expected, actual } });
}

/** Creates the error for an invalid response. */
export function badResponse(cause?: unknown): RegistryError {
	return new RegistryError("registry/bad-response", "the RPC node's response is invalid", { cause });
}

/** Whether the node refused a call but may accept a smaller one. */
export function isRefusedCall({ cause }: RegistryError): boolean {
	if (hasCode(cause, "BAD_DATA")) return true;
	return hasCode(cause, "CALL_EXCEPTION") && !RATE_LIMITS.has(rpcCodeOf(cause));
}

/** Whether a request failed without any response from the contract. */
function isOutage(error: unknown): boolean {
	const isResponse = hasCode(error, "BAD_DATA") || hasCode(error, "CALL_EXCEPTION");
	return !isResponse && !hasCode(error, "INVALID_ARGUMENT");
}

/** The JSON-RPC error of a node. ethers keeps it in `error` or `info.error`. */
function nodeErrorOf(error: unknown): unknown {
	if (typeof error !== "object" || error === null) return undefined;
	const { info, error: own, cause } = error as { info?: { error?: unknown }; error?: unknown; cause?: unknown };
	return info?.error ?? own ?? nodeErrorOf(cause);
}

function rpcCodeOf(error: unknown): number | undefined {
	const { code } = Object(nodeErrorOf(error)) as { readonly code?: unknown };
	return Number.isSafeInteger(code) ? (code as number) : undefined;
}

/** ethers' HTTP errors, from providers that aren't ours, quote the URL. */
export function withoutUrl(error: unknown): unknown {
	if (!(error instanceof Error)) return error;
	if (!hasCode(error, "SERVER_ERROR")) {
		const cause = withoutUrl(error.cause);
		return cause === error.cause ? error : cause;
	}
	const status = error.response?.statusCode;
	return new TransportError(
		"status",
		`the host responded with status ${status}`,
		status === undefined ? {} : { status },
	);
}
