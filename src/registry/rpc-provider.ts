/**
 * JSON-RPC over one or several nodes of one chain. Calls made at the same time are sent in one batch.
 * @module
 */
import type { JsonRpcPayload } from "ethers";
import { nextTurn } from "../encoding/next-turn.js";
import { createSharedWork } from "../network/shared-work.js";
import type { Observer } from "../observe/observer.js";
import { codedError, toRpcError } from "./coded-error.js";
import { askForAgreement } from "./nodes/ask-for-agreement.js";
import { askInOrder, askOneInOrder } from "./nodes/ask-in-order.js";
import { MAX_BATCH } from "./nodes/batch-sender.js";
import type { HeadTag } from "./nodes/block-pinning.js";
import { leaveOutBehind } from "./nodes/leave-out-behind.js";
import { createRpcNode } from "./nodes/rpc-node.js";
import type { JsonRpcResponse } from "./rpc-transport.js";

/** The time limit of a request. */
export const TIMEOUT_MS = 5_000;

/** The time limit if there are several nodes, so that the next one can be asked within the limit of a request. */
const TIMEOUT_OF_SEVERAL_MS = TIMEOUT_MS / 2;

/** A call is added to a batch as long as the batch isn't longer than this many characters. */
const MAX_BATCH_CHARACTERS = 2 ** 20;

export interface ProviderOptions {
	readonly observer?: Observer | undefined;
	/** How many nodes must give the same response; by default they are asked in order. */
	readonly agreement?: number | undefined;
}

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

/** A provider that sends calls to a node: ours, or a `JsonRpcApiProvider` of any copy of ethers. */
export interface RpcSender {
	/** Rejects with the codes of ethers. */
	send(method: string, params: readonly unknown[]): Promise<unknown>;
}

/** A provider that can have one node, or nodes that agree, respond to several calls. */
export interface TogetherSender {
	/** Sends calls in one request, in their order; undefined if the node doesn't accept that many in one request. */
	sendTogether(calls: readonly RpcCall[]): Promise<readonly RpcResponse[] | undefined>;
}

/** Whether a provider can have one node respond to several calls. */
export function canSendTogether(provider: object): provider is TogetherSender {
	return "sendTogether" in provider;
}

/** A provider that may have several nodes, of which one is asked first. */
export interface NodeSelector {
	/** Stops asking nodes that are behind a block; false if no node is known to have reached it. */
	leaveOutBehind(tag: HeadTag, block: number): Promise<boolean>;
}

/** Whether a provider can choose between nodes. */
export function canLeaveOutBehind(provider: object): provider is NodeSelector {
	return "leaveOutBehind" in provider;
}

/** A provider over the nodes of URLs. */
export interface RpcProvider extends RpcSender, TogetherSender, NodeSelector {
	/** The URL of the first node, which may contain a secret. */
	readonly nodeUrl: string;
	/** Sends calls without waiting for others. */
	exchange(payloads: readonly JsonRpcPayload[]): Promise<JsonRpcResponse[]>;
	/** Rejects the calls that wait for a response, and all later ones. */
	destroy(): void;
}

/** A call that waits to be sent. */
interface Waiting {
	readonly payload: JsonRpcPayload;
	resolve(result: unknown): void;
	reject(error: unknown): void;
}

/** Creates a provider; nothing is sent before the first call. */
export function createRpcProvider(
	rpcUrl: string | readonly string[],
	chainId: number,
	{ observer, agreement }: ProviderOptions = {},
): RpcProvider {
	const urls = [rpcUrl].flat();
	const isOnly = urls.length === 1;
	const timeoutMs = isOnly ? TIMEOUT_MS : TIMEOUT_OF_SEVERAL_MS;
	const nodes = urls.map((url) => createRpcNode(url, { chainId, timeoutMs, observer, isOnly }));
	const leavingOut = createSharedWork<boolean>();
	let isDestroyed = false;
	return {
		nodeUrl: urls[0] as string,
		send: createQueue(exchange),
		exchange,
		sendTogether,
		leaveOutBehind: leaveOut,
		destroy() {
			isDestroyed = true;
		},
	};

	function exchange(payloads: readonly JsonRpcPayload[]): Promise<JsonRpcResponse[]> {
		return untilDestroyed(() =>
			agreement === undefined ? askInOrder(nodes, payloads) : askForAgreement(nodes, agreement, payloads),
		);
	}

	async function sendTogether(calls: readonly RpcCall[]): Promise<readonly RpcResponse[] | undefined> {
		const payloads = calls.map((call, index) => toPayload(call, index + 1));
		const responses =
			agreement === undefined ? await untilDestroyed(() => askOneInOrder(nodes, payloads)) : await exchange(payloads);
		return responses && payloads.map((payload) => toResponse(payload, responses));
	}

	async function untilDestroyed<T>(ask: () => Promise<T>): Promise<T> {
		if (isDestroyed) throw destroyed();
		const responses = await ask();
		if (isDestroyed) throw destroyed();
		return responses;
	}

	/** Nodes that have to agree compare blocks that enough of them have. */
	async function leaveOut(tag: HeadTag, block: number): Promise<boolean> {
		if (agreement !== undefined || isOnly) return false;
		return leavingOut.run(tag, () => leaveOutBehind(nodes, tag, block));
	}
}

/**
 * Sends the calls of one turn of the event loop together. While a request is under way, more calls are likely to follow, so
 * those of a millisecond are sent together.
 */
function createQueue(exchange: RpcProvider["exchange"]): RpcProvider["send"] {
	let waiting: Waiting[] = [];
	let nextId = 1;
	let underWay = 0;
	return send;

	function send(method: string, params: readonly unknown[]): Promise<unknown> {
		return new Promise((resolve, reject) => {
			waiting.push({ payload: toPayload({ method, params }, nextId++), resolve, reject });
			if (waiting.length > 1) return;
			if (underWay === 0) void nextTurn().then(sendAll);
			else setTimeout(sendAll);
		});
	}

	function sendAll(): void {
		const calls = waiting;
		waiting = [];
		for (const batch of splitBatches(calls)) void sendBatch(batch);
	}

	async function sendBatch(batch: readonly Waiting[]): Promise<void> {
		underWay += 1;
		try {
			const responses = await exchange(batch.map(({ payload }) => payload));
			for (const { payload, resolve, reject } of batch) {
				const { result, error } = toResponse(payload, responses);
				if (error === undefined) resolve(result);
				else reject(error);
			}
		} catch (error) {
			for (const { reject } of batch) reject(error);
		} finally {
			underWay -= 1;
		}
	}
}

/** A node's chain is checked by one more call. */
function splitBatches(calls: readonly Waiting[]): readonly (readonly Waiting[])[] {
	const batches: Waiting[][] = [];
	let characters = 0;
	for (const call of calls) {
		const added = JSON.stringify(call.payload).length + 1;
		const last = batches.at(-1);
		if (last === undefined || last.length === MAX_BATCH - 1 || characters + added > MAX_BATCH_CHARACTERS) {
			batches.push([call]);
			characters = added;
		} else {
			last.push(call);
			characters += added;
		}
	}
	return batches;
}

function toPayload({ method, params }: RpcCall, id: number): JsonRpcPayload {
	return { method, params: params as unknown[], id, jsonrpc: "2.0" };
}

/** Each call has a response: the transport refuses others. */
function toResponse({ id, method }: JsonRpcPayload, responses: readonly JsonRpcResponse[]): RpcResponse {
	const response = responses.find((one) => one.id === id) as JsonRpcResponse;
	return "error" in response ? { error: toRpcError(method, response.error) } : { result: response.result };
}

function destroyed(): Error {
	return codedError("UNSUPPORTED_OPERATION", "the connection was closed");
}
