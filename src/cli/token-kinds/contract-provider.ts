/**
 * The provider that asks accounts that are contracts. It loads ethers, which takes longer than verifying a token, when the
 * first one is asked.
 * @module
 */
import type { JsonRpcProvider } from "ethers";
import type { EthersProvider } from "../../registry/chain-reads.js";
import type { ProviderOptions } from "../../registry/rpc-provider.js";

export interface ContractProvider extends EthersProvider {
	/** For error messages. */
	readonly nodeUrl: string;
	destroy(): Promise<void>;
}

export function createContractProvider(rpcUrl: string, chainId: number, options: ProviderOptions): ContractProvider {
	let loading: Promise<JsonRpcProvider> | undefined;
	return {
		nodeUrl: rpcUrl,
		getNetwork: async () => (await load()).getNetwork(),
		getBlockNumber: async () => (await load()).getBlockNumber(),
		getBlock: async (block) => (await load()).getBlock(block),
		getCode: async (address) => (await load()).getCode(address),
		getLogs: async (filter) => (await load()).getLogs(filter),
		call: async (transaction) => (await load()).call(transaction),
		async destroy() {
			(await loading)?.destroy();
		},
	};

	function load(): Promise<JsonRpcProvider> {
		loading ??= import("../../registry/ethers-provider.js").then(({ createProvider }) =>
			createProvider(rpcUrl, chainId, options),
		);
		return loading;
	}
}
