/**
 * Errors with the codes of ethers, so that the failures of any provider are classified in the same way.
 * @module
 */

type ErrorCode =
	| "BAD_DATA"
	| "CALL_EXCEPTION"
	| "INVALID_ARGUMENT"
	| "SERVER_ERROR"
	| "UNKNOWN_ERROR"
	| "UNSUPPORTED_OPERATION";

/** The members of an ethers error. */
interface ErrorInfo {
	readonly error?: unknown;
	readonly [name: string]: unknown;
}

/** An error of a provider, with what a node responded in `info.error`. */
export interface CodedError extends Error {
	readonly code: ErrorCode;
	readonly info?: ErrorInfo;
	/** What a contract reverted with, of a call exception. */
	readonly data?: string | null;
	/** The response of the host, of a server error. */
	readonly response?: { readonly statusCode?: number };
}

const MAX_DEPTH = 5;

/** Whether an error has a code, from any copy of ethers or from here. */
export function hasCode(error: unknown, code: ErrorCode): error is CodedError {
	return typeof error === "object" && error !== null && (error as { readonly code?: unknown }).code === code;
}

export function codedError(code: ErrorCode, message: string, members: Partial<CodedError> & ErrorOptions = {}): Error {
	return Object.assign(new Error(message), { code, ...members });
}

/** Converts a node's JSON-RPC error. That of a call is an exception of the contract, whatever the node meant. */
export function toRpcError(method: string, error: unknown): Error {
	const message = `the node responded to ${method} with an error`;
	if (method !== "eth_call") return codedError("UNKNOWN_ERROR", message, { info: { error } });
	return codedError("CALL_EXCEPTION", message, { info: { error }, data: findRevertData(error) ?? null });
}

/** Nodes and wallets wrap the error of a contract in their own. */
function findRevertData(value: unknown, depth = 0): string | undefined {
	if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return undefined;
	const { message, data } = value as { readonly message?: unknown; readonly data?: unknown };
	if (/revert/i.test(String(message)) && typeof data === "string" && /^0x(?:[\da-f]{2})*$/i.test(data)) return data;
	for (const member of Object.values(value)) {
		const found = findRevertData(member, depth + 1);
		if (found !== undefined) return found;
	}
	return undefined;
}
