/**
 * ethers' JSON-RPC provider over one or several nodes of one fixed chain, with a time limit.
 * @module
 */
import { type JsonRpcPayload, JsonRpcProvider, type JsonRpcResult, Network } from "ethers";
import { createSharedWork } from "../network/shared-work.js";
import type { Observer } from "../observe/observer.js";
import { askForAgreement } from "./nodes/ask-for-agreement.js";
import { askInOrder, askOneInOrder } from "./nodes/ask-in-order.js";
import { MAX_BATCH } from "./nodes/batch-sender.js";
import type { HeadTag } from "./nodes/block-pinning.js";
import { leaveOutBehind } from "./nodes/leave-out-behind.js";
import { createRpcNode, type RpcNode } from "./nodes/rpc-node.js";
import type { JsonRpcResponse } from "./rpc-transport.js";

/** The time limit of a request. */
export const TIMEOUT_MS = 5_000;

/** The time limit if there are several nodes, so that the next one can be asked within the limit of a request. */
const TIMEOUT_OF_SEVERAL_MS = TIMEOUT_MS / 2;

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

/** Creates an ethers provider with a time limit, without network detection and without a cache. */
export function createProvider(
	rpcUrl: string | readonly string[],
	chainId: number,
	{ observer, agreement }: ProviderOptions = {},
): JsonRpcProvider {
	const urls = [rpcUrl].flat();
	const isOnly = urls.length === 1;
	const timeoutMs = isOnly ? TIMEOUT_MS : TIMEOUT_OF_SEVERAL_MS;
	const nodes = urls.map((url) => createRpcNode(url, { chainId, timeoutMs, observer, isOnly }));
	return new NodesProvider(urls, Network.from(chainId), nodes, agreement);
}

class NodesProvider extends JsonRpcProvider implements TogetherSender, NodeSelector {
	readonly #nodes: readonly RpcNode[];
	readonly #agreement: number | undefined;
	readonly #leavingOut = createSharedWork<boolean>();

	constructor([url]: readonly string[], network: Network, nodes: readonly RpcNode[], agreement: number | undefined) {
		super(url, network, { staticNetwork: network, batchMaxCount: MAX_BATCH - 1, batchStallTime: 0, cacheTimeout: -1 });
		this.#nodes = nodes;
		this.#agreement = agreement;
	}

	override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
		const payloads = [payload].flat();
		const responses =
			this.#agreement === undefined
				? await askInOrder(this.#nodes, payloads)
				: await askForAgreement(this.#nodes, this.#agreement, payloads);
		// This type of ethers has no errors, but its code handles them.
		return responses as JsonRpcResult[];
	}

	async sendTogether(calls: readonly RpcCall[]): Promise<readonly RpcResponse[] | undefined> {
		const payloads = calls.map(({ method, params }, index) => {
			return { jsonrpc: "2.0", id: index + 1, method, params } as JsonRpcPayload;
		});
		const responses =
			this.#agreement === undefined
				? await askOneInOrder(this.#nodes, payloads)
				: await askForAgreement(this.#nodes, this.#agreement, payloads);
		return responses && payloads.map((payload) => this.#toResponse(payload, responses));
	}

	/** Nodes that have to agree compare blocks that enough of them have. */
	async leaveOutBehind(tag: HeadTag, block: number): Promise<boolean> {
		if (this.#agreement !== undefined || this.#nodes.length === 1) return false;
		return this.#leavingOut.run(tag, () => leaveOutBehind(this.#nodes, tag, block));
	}

	#toResponse(call: JsonRpcPayload, responses: readonly JsonRpcResponse[]): RpcResponse {
		const response = responses.find(({ id }) => id === call.id) as JsonRpcResponse;
		return "error" in response ? { error: this.getRpcError(call, response) } : { result: response.result };
	}
}
