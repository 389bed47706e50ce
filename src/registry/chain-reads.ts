/**
 * What is read of a chain, through a provider of any kind: ours, an EIP-1193 provider, or one of any copy of ethers.
 * @module
 */
import type { Eip1193Provider } from "ethers";
import { badResponse } from "./call-error.js";
import { codedError, toRpcError } from "./coded-error.js";
import { parseQuantity, toQuantity } from "./quantity.js";
import type { RpcProvider, RpcSender } from "./rpc-provider.js";
import type { ChainNode } from "./transaction-account.js";

/** The methods used of a `Provider`, from any copy of ethers 6. */
export interface EthersProvider extends ChainNode {
	getBlockNumber(): Promise<number>;
	getBlock(block: string | number): Promise<{ readonly number: number; readonly timestamp: number } | null>;
	getCode(address: string): Promise<string>;
	getLogs(filter: object): Promise<readonly object[]>;
	call(transaction: object): Promise<string>;
}

/** An EIP-1193 provider whose errors are converted. */
export interface WalletSender extends RpcSender {
	readonly wallet: Eip1193Provider;
}

/** How a chain is reached. */
export type ChainProvider = RpcProvider | WalletSender | EthersProvider;

/** A block as a node reports it. */
export interface ChainBlock {
	readonly number: number;
	readonly timestamp: number;
	readonly hash?: unknown;
	readonly parentHash?: unknown;
}

/** The logs of a contract to read. */
export interface LogFilter {
	readonly address: string;
	readonly fromBlock: string | number;
	readonly toBlock: string | number;
}

const CODE = /^0x(?:[\da-f]{2})*$/i;

/** Lets an EIP-1193 provider send calls. */
export function toWalletSender(wallet: Eip1193Provider): WalletSender {
	return {
		wallet,
		async send(method, params) {
			try {
				return await wallet.request({ method, params: params as unknown[] });
			} catch (error) {
				const { code, message, data } = Object(error) as Readonly<Record<string, unknown>>;
				throw toRpcError(method, { code, message, data });
			}
		},
	};
}

/** Asks a node which chain it serves. */
export async function readChainId(provider: ChainNode | RpcSender): Promise<number> {
	if (!isRpcSender(provider)) return Number((await provider.getNetwork()).chainId);
	const result = await provider.send("eth_chainId", []);
	const chainId = typeof result === "string" ? Number(result) : Number.NaN;
	if (!Number.isSafeInteger(chainId) || chainId < 1) throw badResponse();
	return chainId;
}

/** Reads a contract's code, in lower case; `0x` if there is none. */
export async function readCode(provider: ChainProvider, address: string): Promise<string> {
	if (!isRpcSender(provider)) return provider.getCode(address);
	const code = await provider.send("eth_getCode", [address.toLowerCase(), "latest"]);
	if (typeof code !== "string" || !CODE.test(code)) throw codedError("BAD_DATA", "the contract's code is invalid");
	return code.toLowerCase();
}

/** Calls a contract. The result isn't checked. */
export async function callContract(
	provider: ChainProvider,
	{ blockTag, ...transaction }: { readonly to: string; readonly data: string; readonly blockTag: string | number },
): Promise<unknown> {
	if (!isRpcSender(provider)) return provider.call({ ...transaction, blockTag });
	return provider.send("eth_call", [transaction, toBlockParameter(blockTag)]);
}

/** Reads the number of the last block. */
export async function readLatestNumber(provider: ChainProvider): Promise<number> {
	if (!isRpcSender(provider)) return provider.getBlockNumber();
	const number = parseQuantity(await provider.send("eth_blockNumber", []));
	if (number === undefined) throw codedError("BAD_DATA", "the block number is invalid");
	return number;
}

/** Reads a block without its transactions; null if the node doesn't have it. */
export async function readBlock(provider: ChainProvider, blockTag: string | number): Promise<ChainBlock | null> {
	if (!isRpcSender(provider)) return provider.getBlock(blockTag);
	const block = await provider.send("eth_getBlockByNumber", [toBlockParameter(blockTag), false]);
	if (block === null) return null;
	const { hash, parentHash, ...members } = Object(block) as Readonly<Record<string, unknown>>;
	const number = parseQuantity(members["number"]);
	const timestamp = parseQuantity(members["timestamp"]);
	if (number === undefined || timestamp === undefined) throw codedError("BAD_DATA", "the block is invalid");
	return { number, timestamp, hash, parentHash };
}

/** Reads the logs of a contract in a range of blocks. They aren't checked. */
export async function readLogs(provider: ChainProvider, filter: LogFilter): Promise<readonly unknown[]> {
	if (!isRpcSender(provider)) {
		const logs = (await provider.getLogs(filter)) as readonly ({ readonly index?: unknown } & object)[];
		return logs.map(({ index, ...log }) => ({ ...log, logIndex: index }));
	}
	const { address, fromBlock, toBlock } = filter;
	const range = { fromBlock: toBlockParameter(fromBlock), toBlock: toBlockParameter(toBlock) };
	const logs = await provider.send("eth_getLogs", [{ address: address.toLowerCase(), ...range }]);
	if (!Array.isArray(logs)) throw codedError("BAD_DATA", "the logs are no list");
	return logs;
}

/** Whether it sends JSON-RPC calls, such as the JSON-RPC providers of this copy of ethers or another one. */
function isRpcSender(provider: object): provider is RpcSender {
	return typeof (provider as Partial<RpcSender>).send === "function";
}

function toBlockParameter(blockTag: string | number): string {
	return typeof blockTag === "number" ? toQuantity(blockTag) : blockTag;
}
