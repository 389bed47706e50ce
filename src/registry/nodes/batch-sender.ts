/**
 * Batches as large as a node accepts.
 * @module
 */
import type { JsonRpcPayload } from "ethers";
import { TransportError } from "../../network/http-message.js";
import { hasCode } from "../coded-error.js";
import { isRateLimit, isTooLarge, type JsonRpcResponse, type SendRpc } from "../rpc-transport.js";

/** Calls per batch (JSON-RPC 2.0 section 6). More would be slow: ethers counts all bytes of the batch for each call. */
export const MAX_BATCH = 500;

/** After so many failures in a row, which may be a short outage, batches count as refused. */
const MAX_BROKEN = 3;
const INTERNAL_ERROR = 500;

/** After a refusal, the batch size may double every minute, in case the reason has passed. */
const GROWTH_MS = 60_000;

/** Statuses about credentials, the path or the rate: halving the batch would only add requests. */
const UNRELATED_TO_SIZE: ReadonlySet<number> = new Set([401, 402, 404, 407, 408, 425, 429]);

export interface BatchSender {
	/** Sends calls in as many requests as are needed. */
	readonly send: SendRpc;
	/** Sends calls in one request; undefined if the node doesn't accept that many. */
	sendTogether(payloads: readonly JsonRpcPayload[]): Promise<JsonRpcResponse[] | undefined>;
}

/**
 * Halves a batch that its node refuses as a whole, and remembers the accepted size for a while. A node that also refuses
 * a single call isn't sent any other until it accepts one.
 */
export function createBatchSender(sendRpc: SendRpc, { isOnly }: { readonly isOnly: boolean }): BatchSender {
	let accepted = MAX_BATCH;
	let refusedAt = 0;
	let refusesAll = false;
	let broken = 0;
	return { send, sendTogether };

	async function send(payloads: readonly JsonRpcPayload[]): Promise<JsonRpcResponse[]> {
		if (payloads.length === 1) return sendSingle(payloads);
		if (!refusesAll) {
			if (payloads.length > maxBatch()) return sendHalves(payloads);
			const responses = await sendBatch(payloads);
			if (responses !== undefined) return responses;
		}
		const first = await sendSingle(payloads.slice(0, 1));
		return [...first, ...(await sendParts(payloads.slice(1)))];
	}

	async function sendSingle(payloads: readonly JsonRpcPayload[]): Promise<JsonRpcResponse[]> {
		try {
			const responses = await sendRpc(payloads);
			refusesAll = false;
			return responses;
		} catch (error) {
			if (isRefusedStatus(error)) {
				refusesAll = true;
				accepted = MAX_BATCH;
			}
			throw error;
		}
	}

	/** Undefined if the batch was refused. */
	async function sendBatch(
		payloads: readonly JsonRpcPayload[],
		isRefusal = isRefusedRequest,
	): Promise<JsonRpcResponse[] | undefined> {
		try {
			const responses = await sendRpc(payloads);
			if (responses.length > 1) return responses;
			if (responses.some(isRateLimit)) return limitAll(payloads, responses);
		} catch (error) {
			if (!isRefusal(error)) throw error;
		}
		shrink(payloads.length);
		return undefined;
	}

	async function sendParts(payloads: readonly JsonRpcPayload[]): Promise<JsonRpcResponse[]> {
		if (payloads.length === 1) return sendRpc(payloads);
		const responses = payloads.length > maxBatch() ? undefined : await sendBatch(payloads);
		return responses ?? sendHalves(payloads);
	}

	async function sendHalves(payloads: readonly JsonRpcPayload[]): Promise<JsonRpcResponse[]> {
		const half = (payloads.length + 1) >> 1;
		const halves = [payloads.slice(0, half), payloads.slice(half)];
		return (await Promise.all(halves.map(sendParts))).flat();
	}

	async function sendTogether(payloads: readonly JsonRpcPayload[]): Promise<JsonRpcResponse[] | undefined> {
		if (refusesAll || payloads.length > maxBatch()) return undefined;
		// If the response is too large, fewer calls in a request wouldn't help.
		const responses = await sendBatch(payloads, (error) => isRefusedStatus(error) || isBroken(error));
		if (responses !== undefined) broken = 0;
		return responses;
	}

	/** A single call tells whether the node is down or only breaks batches; if there are other nodes, they are asked. */
	function isBroken(error: unknown): boolean {
		const isFailure = error instanceof TransportError ? error.status === INTERNAL_ERROR : hasCode(error, "BAD_DATA");
		if (!isOnly || !isFailure || isTooLarge(error)) return false;
		broken += 1;
		return broken >= MAX_BROKEN;
	}

	function shrink(refused: number): void {
		accepted = Math.min(maxBatch(), refused >> 1);
		refusedAt = performance.now();
	}

	function maxBatch(): number {
		const doublings = Math.floor((performance.now() - refusedAt) / GROWTH_MS);
		return Math.min(accepted * 2 ** doublings, MAX_BATCH);
	}
}

/** A node may limit a batch by one response, and any further request would be one too many. */
function limitAll(payloads: readonly JsonRpcPayload[], [refusal]: readonly JsonRpcResponse[]): JsonRpcResponse[] {
	return payloads.map(({ id }) => ({ ...(refusal as JsonRpcResponse), id }));
}

/** Whether the node refused a request, or its response is too large: it may accept one with fewer calls. */
function isRefusedRequest(error: unknown): boolean {
	return isRefusedStatus(error) || isTooLarge(error);
}

/** Whether the node refused a request: too many calls, too many bytes, no batches, or any other reason. */
export function isRefusedStatus(error: unknown): boolean {
	if (!(error instanceof TransportError)) return false;
	const { status = 0 } = error;
	return status >= 400 && status < 500 && !UNRELATED_TO_SIZE.has(status);
}
