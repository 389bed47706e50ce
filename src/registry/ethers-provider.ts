/**
 * ethers' JSON-RPC provider over the nodes of ours, for what only ethers does: transactions. Loaded when it is needed.
 * @module
 */
import {
	BrowserProvider,
	type JsonRpcPayload,
	JsonRpcProvider,
	type JsonRpcResult,
	Network,
	type Provider,
} from "ethers";
import type { ChainProvider } from "./chain-reads.js";
import { MAX_BATCH } from "./nodes/batch-sender.js";
import type { HeadTag } from "./nodes/block-pinning.js";
import {
	createRpcProvider,
	type NodeSelector,
	type ProviderOptions,
	type RpcCall,
	type RpcProvider,
	type RpcResponse,
	type TogetherSender,
} from "./rpc-provider.js";

/** Creates an ethers provider with a time limit, without network detection and without a cache. */
export function createProvider(
	rpcUrl: string | readonly string[],
	chainId: number,
	options?: ProviderOptions,
): JsonRpcProvider {
	return new NodesProvider(createRpcProvider(rpcUrl, chainId, options), Network.from(chainId));
}

/** Returns the ethers provider for a chain's provider. */
export function toEthersProvider(provider: ChainProvider, chainId: number): Provider {
	const network = Network.from(chainId);
	if ("exchange" in provider) return new NodesProvider(provider, network);
	if (!("wallet" in provider)) return provider as Provider;
	return new BrowserProvider(provider.wallet, network, { staticNetwork: network, cacheTimeout: -1 });
}

class NodesProvider extends JsonRpcProvider implements TogetherSender, NodeSelector {
	readonly #rpc: RpcProvider;

	constructor(rpc: RpcProvider, network: Network) {
		const options = { staticNetwork: network, batchMaxCount: MAX_BATCH - 1, batchStallTime: 0, cacheTimeout: -1 };
		super(rpc.nodeUrl, network, options);
		this.#rpc = rpc;
	}

	override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
		// This type of ethers has no errors, but its code handles them.
		return (await this.#rpc.exchange([payload].flat())) as JsonRpcResult[];
	}

	sendTogether(calls: readonly RpcCall[]): Promise<readonly RpcResponse[] | undefined> {
		return this.#rpc.sendTogether(calls);
	}

	leaveOutBehind(tag: HeadTag, block: number): Promise<boolean> {
		return this.#rpc.leaveOutBehind(tag, block);
	}
}
