/**
 * ethers' JSON-RPC provider with a time limit, one fixed chain, and batches as large as its node accepts.
 * @module
 */
import { type JsonRpcError, type JsonRpcPayload, type JsonRpcProvider, type JsonRpcResult, Network } from "ethers";
import { TransportError } from "../network/http-message.js";
import type { Observer } from "../observe/observer.js";
import { isTooLarge, RpcProvider } from "./rpc-transport.js";

/** The time limit of a request. */
export const TIMEOUT_MS = 5_000;

/** Calls per batch (JSON-RPC 2.0 section 6). More would be slow: ethers counts all bytes of the batch for each call. */
const MAX_BATCH = 500;

/** Statuses about credentials, the path or the rate: halving the batch would only add requests. */
const UNRELATED_TO_SIZE: ReadonlySet<number> = new Set([401, 402, 404, 407, 408, 425, 429]);

/** A call of a method of the JSON-RPC interface. */
export interface RpcCall {
	readonly method: string;
	readonly params: readonly unknown[];
}

/** What a node responds to a call. */
export interface RpcResponse {
	readonly result?: unknown;
	readonly error?: Error;
}

/** A provider that can have one node respond to several calls. */
export interface BatchSender {
	/** Sends calls in one request, in their order; undefined if the node doesn't accept that many in one request. */
	sendTogether(calls: readonly RpcCall[]): Promise<readonly RpcResponse[] | undefined>;
}

/** Whether a provider can have one node respond to several calls. */
export function canSendTogether(provider: object): provider is BatchSender {
	return "sendTogether" in provider;
}

/** Creates an ethers provider with a time limit, without network detection and without a cache. */
export function createProvider(rpcUrl: string, chainId: number, observer?: Observer): JsonRpcProvider {
	return new BatchingProvider(rpcUrl, Network.from(chainId), {
		timeoutMs: TIMEOUT_MS,
		observer,
		batchMaxCount: MAX_BATCH,
		batchStallTime: 0,
		cacheTimeout: -1,
	});
}

/** After a refusal, the batch size may double every minute, in case the reason has passed. */
const GROWTH_MS = 60_000;

/** Halves a batch that its node refuses as a whole, and remembers the accepted size for a while. */
class BatchingProvider extends RpcProvider implements BatchSender {
	#accepted = MAX_BATCH;
	#refusedAt = 0;

	override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
		if (!Array.isArray(payload) || payload.length === 1) return super._send(payload);
		if (payload.length > this.#maxBatch()) return this.#sendHalves(payload);
		try {
			const results = await super._send(payload);
			if (results.length > 1) return results;
		} catch (error) {
			if (!isRefusedRequest(error)) throw error;
		}
		this.#shrink(payload.length);
		return this.#sendHalves(payload);
	}

	async sendTogether(calls: readonly RpcCall[]): Promise<readonly RpcResponse[] | undefined> {
		if (calls.length > this.#maxBatch()) return undefined;
		const payload = calls.map(({ method, params }, id) => ({ jsonrpc: "2.0", id, method, params }) as JsonRpcPayload);
		try {
			const results = await super._send(payload);
			if (results.length > 1) return payload.map((call) => this.#toResponse(call, results));
		} catch (error) {
			// Here it is the response that is too large: fewer calls in a request wouldn't help.
			if (isTooLarge(error) || !isRefusedRequest(error)) throw error;
		}
		this.#shrink(calls.length);
		return undefined;
	}

	#toResponse(call: JsonRpcPayload, results: readonly JsonRpcResult[]): RpcResponse {
		const response = results.find(({ id }) => id === call.id) as JsonRpcResult | JsonRpcError;
		return "error" in response ? { error: this.getRpcError(call, response) } : { result: response.result };
	}

	#shrink(refused: number): void {
		this.#accepted = Math.min(this.#maxBatch(), refused >> 1);
		this.#refusedAt = performance.now();
	}

	#maxBatch(): number {
		const doublings = Math.floor((performance.now() - this.#refusedAt) / GROWTH_MS);
		return Math.min(this.#accepted * 2 ** doublings, MAX_BATCH);
	}

	async #sendHalves(payload: JsonRpcPayload[]): Promise<JsonRpcResult[]> {
		const half = (payload.length + 1) >> 1;
		const halves = [payload.slice(0, half), payload.slice(half)];
		return (await Promise.all(halves.map((part) => this.#sendOneOrMore(part)))).flat();
	}

	#sendOneOrMore(payload: JsonRpcPayload[]): Promise<JsonRpcResult[]> {
		const [only, second] = payload;
		return this._send(only !== undefined && second === undefined ? only : payload);
	}
}

/** Whether the node refused the batch itself: too many calls, too many bytes, or batches aren't supported. */
function isRefusedRequest(error: unknown): boolean {
	if (!(error instanceof TransportError)) return isTooLarge(error);
	const { status = 0 } = error;
	return status >= 400 && status < 500 && !UNRELATED_TO_SIZE.has(status);
}
