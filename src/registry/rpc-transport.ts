/**
 * JSON-RPC over one URL. Responses are limited before ethers sees them: ethers decodes text slowly, quotes whole
 * responses in errors, and searches errors to any depth.
 * @module
 */

import {
	type JsonRpcApiProviderOptions,
	type JsonRpcPayload,
	JsonRpcProvider,
	type JsonRpcResult,
	makeError,
	type Network,
} from "ethers";
import { sendRequest } from "#send-request";
import { hasMoreValues } from "../encoding/json.js";
import { assertOk, TransportError } from "../network/http-message.js";
import type { Observer } from "../observe/observer.js";
import { observeRpc, type RpcFacts } from "./observe-rpc.js";

/** Larger than any batch or page that is requested here. */
const MAX_BYTES = 2 ** 22;
const MAX_VALUES = 100_000;
const MAX_ERROR_CHARACTERS = 16_384;
const MAX_MESSAGE_CHARACTERS = 1_024;

interface RpcProviderOptions {
	readonly timeoutMs: number;
	readonly observer?: Observer | undefined;
}

/** Sends each request only once, with a time limit, and to no other URL. */
export class RpcProvider extends JsonRpcProvider {
	readonly #rpcUrl: string;
	readonly #timeoutMs: number;
	readonly #observer: Observer | undefined;

	constructor(
		rpcUrl: string,
		network: Network,
		{ timeoutMs, observer, ...options }: JsonRpcApiProviderOptions & RpcProviderOptions,
	) {
		super(rpcUrl, network, { ...options, staticNetwork: network });
		this.#rpcUrl = rpcUrl;
		this.#timeoutMs = timeoutMs;
		this.#observer = observer;
	}

	override _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
		if (this.#observer === undefined) return this.#exchange(payload);
		const { host } = new URL(this.#rpcUrl);
		const target = { host, chainId: Number(this._network.chainId) };
		return observeRpc(this.#observer, target, [payload].flat(), (facts) => this.#exchange(payload, facts));
	}

	async #exchange(payload: JsonRpcPayload | JsonRpcPayload[], facts?: RpcFacts): Promise<JsonRpcResult[]> {
		try {
			const responses = parseResponses(await this.#post(JSON.stringify(payload), facts));
			assertAnswered([payload].flat(), responses);
			return responses.map(shortenError);
		} catch (error) {
			throw isTooLarge(error) ? badData("the node's response is too large", error) : error;
		}
	}

	async #post(text: string, facts?: RpcFacts): Promise<string> {
		const { url, headers } = splitCredentials(this.#rpcUrl);
		const body = new TextEncoder().encode(text);
		if (facts !== undefined) facts.sentBytes = body.length;
		const response = await sendRequest({
			url,
			headers: { ...headers, "content-type": "application/json" },
			body,
			signal: AbortSignal.timeout(this.#timeoutMs),
		});
		try {
			assertOk(response);
			const bytes = await response.readBody(MAX_BYTES);
			if (facts !== undefined) facts.receivedBytes = bytes.length;
			return new TextDecoder().decode(bytes);
		} finally {
			response.close();
		}
	}
}

/** Whether the node's response exceeds the limits. */
export function isTooLarge(error: unknown): boolean {
	if (error instanceof TransportError) return error.code === "too-large";
	return error instanceof Error && error.cause !== undefined && isTooLarge(error.cause);
}

/** Returns a single response if the node responded to a batch as a whole. */
function parseResponses(text: string): JsonRpcResult[] {
	if (hasMoreValues(text, MAX_VALUES)) {
		throw new TransportError("too-large", `the node's response has more than ${MAX_VALUES} values`);
	}
	let response: unknown;
	try {
		response = JSON.parse(text);
	} catch (cause) {
		throw new TransportError("json", "the node's response is not JSON", { cause });
	}
	return [response].flat() as JsonRpcResult[];
}

/** For a call without a response, ethers' error would quote all the others. */
function assertAnswered(payloads: readonly JsonRpcPayload[], responses: readonly (JsonRpcResult | null)[]): void {
	const isRefusedBatch = payloads.length > 1 && responses.length === 1;
	if (isRefusedBatch && typeof responses[0] === "object" && responses[0] !== null) return;
	const ids = new Set(responses.map((response) => response?.id));
	if (responses.length === payloads.length && payloads.every(({ id }) => ids.has(id))) return;
	throw badData("the node's responses don't match the calls");
}

/** Errors can be as long as any response, and ethers parses their text as JSON. */
function shortenError(response: JsonRpcResult): JsonRpcResult {
	const { id, error } = response as { readonly id: number; readonly error?: { code?: unknown; message?: unknown } };
	if (typeof error !== "object" || JSON.stringify(error).length <= MAX_ERROR_CHARACTERS) return response;
	const message = String(error?.message).slice(0, MAX_MESSAGE_CHARACTERS);
	return { id, error: { code: error?.code, message } } as unknown as JsonRpcResult;
}

function badData(message: string, cause?: unknown): Error {
	return Object.assign(makeError(message, "BAD_DATA", { value: undefined }), { cause });
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
