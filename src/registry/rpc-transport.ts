/**
 * JSON-RPC over one URL. Responses are limited before anything else sees them: ethers, which writes through the same
 * nodes, quotes whole responses in errors, and searches errors to any depth.
 * @module
 */

import type { JsonRpcError, JsonRpcPayload, JsonRpcResult } from "ethers";
import { sendRequest } from "#send-request";
import { hasMoreValues } from "../encoding/json.js";
import { parseNative } from "../encoding/native-json.js";
import { assertOk, TransportError } from "../network/http-message.js";
import { readRetryAfterSeconds } from "../network/retry-after.js";
import type { Observer } from "../observe/observer.js";
import { RATE_LIMITS } from "./call-error.js";
import { codedError } from "./coded-error.js";
import { observeRpc, type RpcFacts } from "./observe-rpc.js";

/** Larger than any batch or page that is requested here. */
const MAX_BYTES = 2 ** 22;
const MAX_VALUES = 100_000;
const MAX_ERROR_CHARACTERS = 16_384;
const MAX_MESSAGE_CHARACTERS = 1_024;

/** Infura's code for too many requests also means that a log is too long, which no pause changes. */
const TOO_MANY_RESULTS = { code: -32_005, message: /more than \d+ results/i };
/** A node's own error (JSON-RPC 2.0 section 5.1). */
const SERVER_ERROR = -32_000;

/** The response to one call. */
export type JsonRpcResponse = JsonRpcResult | JsonRpcError;

/** Sends calls and returns the responses. A single call is sent on its own, several as a batch. */
export type SendRpc = (payloads: readonly JsonRpcPayload[]) => Promise<JsonRpcResponse[]>;

export interface RpcTransportOptions {
	readonly chainId: number;
	readonly timeoutMs: number;
	readonly observer: Observer | undefined;
	/** Called if the node limits the rate of requests, with the time that it asks to wait. */
	readonly onLimit: (retryAfterSeconds: number | undefined) => void;
}

/** Creates the function that sends each request only once, with a time limit, and to no other URL. */
export function createRpcTransport(rpcUrl: string, options: RpcTransportOptions): SendRpc {
	const { chainId, timeoutMs, observer, onLimit } = options;
	const { host } = new URL(rpcUrl);
	return async function sendRpc(payloads) {
		if (observer === undefined) return exchange(payloads);
		return observeRpc(observer, { host, chainId }, payloads, (facts) => exchange(payloads, facts));
	};

	async function exchange(payloads: readonly JsonRpcPayload[], facts?: RpcFacts): Promise<JsonRpcResponse[]> {
		try {
			const responses = await post(payloads, facts);
			assertAnswered(payloads, responses);
			return responses.map(shortenError);
		} catch (error) {
			if (!isTooLarge(error)) throw error;
			throw codedError("BAD_DATA", "the node's response is too large", { cause: error });
		}
	}

	async function post(payloads: readonly JsonRpcPayload[], facts?: RpcFacts): Promise<JsonRpcResponse[]> {
		const { url, headers } = splitCredentials(rpcUrl);
		const body = new TextEncoder().encode(JSON.stringify(payloads.length === 1 ? payloads[0] : payloads));
		if (facts !== undefined) facts.sentBytes = body.length;
		const response = await sendRequest({
			url,
			headers: { ...headers, "content-type": "application/json" },
			body,
			signal: AbortSignal.timeout(timeoutMs),
		});
		try {
			const retryAfterSeconds = readRetryAfterSeconds(response.header);
			const isUnavailable = response.status === 503 && retryAfterSeconds !== undefined;
			if (response.status === 429 || isUnavailable) onLimit(retryAfterSeconds);
			assertOk(response);
			const bytes = await response.readBody(MAX_BYTES);
			if (facts !== undefined) facts.receivedBytes = bytes.length;
			const responses = parseResponses(new TextDecoder().decode(bytes));
			if (responses.some(isRateLimit)) onLimit(retryAfterSeconds);
			return responses;
		} finally {
			response.close();
		}
	}
}

/** Whether a response is an error because of too many requests. */
export function isRateLimit(response: JsonRpcResponse): boolean {
	const { error } = Object(response) as { readonly error?: unknown };
	return RATE_LIMITS.has((Object(error) as { readonly code?: unknown }).code);
}

/** Whether the node's response exceeds the limits. */
export function isTooLarge(error: unknown): boolean {
	if (error instanceof TransportError) return error.code === "too-large" || error.code === "overhead";
	return error instanceof Error && isTooLarge(error.cause);
}

/** Returns a single response if the node responded to a batch as a whole. */
function parseResponses(text: string): JsonRpcResponse[] {
	if (hasMoreValues(text, MAX_VALUES)) {
		throw new TransportError("too-large", `the node's response has more than ${MAX_VALUES} values`);
	}
	let response: unknown;
	try {
		response = parseNative(text);
	} catch (cause) {
		throw new TransportError("json", "the node's response is not JSON", { cause });
	}
	return ([response].flat() as JsonRpcResponse[]).map(withoutFalseLimit);
}

function withoutFalseLimit(response: JsonRpcResponse): JsonRpcResponse {
	const { error } = Object(response) as { readonly error?: unknown };
	const { code, message } = Object(error) as { readonly code?: unknown; readonly message?: unknown };
	const isFalse =
		code === TOO_MANY_RESULTS.code && typeof message === "string" && TOO_MANY_RESULTS.message.test(message);
	return isFalse ? { ...response, error: { code: SERVER_ERROR, message } } : response;
}

/** For a call without a response, ethers' error would quote all the others. */
function assertAnswered(payloads: readonly JsonRpcPayload[], responses: readonly (JsonRpcResponse | null)[]): void {
	const isRefusedBatch = payloads.length > 1 && responses.length === 1;
	if (isRefusedBatch && "error" in Object(responses[0])) return;
	const ids = new Set(responses.map((response) => response?.id));
	if (responses.length === payloads.length && payloads.every(({ id }) => ids.has(id))) return;
	throw codedError("BAD_DATA", "the node's responses don't match the calls");
}

/** Errors can be as long as any response, and ethers parses their text as JSON. */
function shortenError(response: JsonRpcResponse): JsonRpcResponse {
	const { id, error } = response as { readonly id: number; readonly error?: { code?: unknown; message?: unknown } };
	if (typeof error !== "object" || JSON.stringify(error).length <= MAX_ERROR_CHARACTERS) return response;
	const message = String(error.message).slice(0, MAX_MESSAGE_CHARACTERS);
	return { id, error: { code: error.code, message } } as unknown as JsonRpcResponse;
}

/** Moves a URL's credentials to a header (RFC 7617). */
function splitCredentials(text: string): { readonly url: URL; readonly headers: Readonly<Record<string, string>> } {
	const url = new URL(text);
	if (url.username === "" && url.password === "") return { url, headers: {} };
	const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
	url.username = "";
	url.password = "";
	const encoded = btoa(String.fromCharCode(...new TextEncoder().encode(pair)));
	return { url, headers: { authorization: `Basic ${encoded}` } };
}
