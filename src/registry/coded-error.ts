/**
 * Errors with the codes of ethers, so that the failures of any provider are classified in the same way.
 * @module
 */

type ErrorCode =
	| "ACTION_REJECTED"
	| "BAD_DATA"
	| "CALL_EXCEPTION"
	| "INVALID_ARGUMENT"
	| "SERVER_ERROR"
	| "TRANSACTION_REPLACED"
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
/** EIP-1193: the user refused the request. */
const USER_REJECTED = 4001;

/** Whether an error has a code, from any copy of ethers or from here. */
export function hasCode(error: unknown, code: ErrorCode): error is CodedError {
	return typeof error === "object" && error !== null && (error as { readonly code?: unknown }).code === code;
}

export function codedError(code: ErrorCode, message: string, members: Partial<CodedError> & ErrorOptions = {}): Error {
	return Object.assign(new Error(message), { code, ...members });
}

/** Methods that run the contract. An error of `eth_call` is an exception of the contract, whatever the node meant. */
const RUNNING_METHODS: ReadonlySet<string> = new Set(["eth_estimateGas", "eth_sendTransaction"]);

/** Converts a node's or a wallet's JSON-RPC error. */
export function toRpcError(method: string, error: unknown): Error {
	const message = `the node responded to ${method} with an error`;
	const info = { error };
	if (method === "eth_sendTransaction" && Object(error).code === USER_REJECTED) {
		return codedError("ACTION_REJECTED", message, { info });
	}
	const data = findRevertData(error);
	const isException = method === "eth_call" || (data !== undefined && RUNNING_METHODS.has(method));
	return isException
		? codedError("CALL_EXCEPTION", message, { info, data: data ?? null })
		: codedError("UNKNOWN_ERROR", message, { info });
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
