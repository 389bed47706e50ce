/**
 * Reads a range of the log together with the latest block, in one request to one node if it accepts batches.
 * @module
 */
import pTimeout from "p-timeout";
import { badResponse, describeCallFailure, RATE_LIMITS } from "../call-error.js";
import { readBlock, readLogs } from "../chain-reads.js";
import type { Connection } from "../connection.js";
import { toQuantity } from "../quantity.js";
import { canSendTogether, type RpcCall, type RpcResponse } from "../rpc-provider.js";
import { isTooLarge } from "../rpc-transport.js";
import { type BlockId, type ContractLog, parseBlock, parseLog } from "./contract-log.js";

/** What to read. */
export interface PageRequest {
	/** The last block of the chain, by name. */
	readonly blockTag: "latest" | "safe" | "finalized";
	readonly from: number;
	/** Inclusive; by default, the last block that the node has. */
	readonly to: number | undefined;
	/** Further blocks to read. */
	readonly blocks: readonly number[];
	readonly timeoutMs: number;
}

/** A range of the log. */
export interface LogPage {
	/** The node's last block. */
	readonly head: BlockId;
	/** The further blocks; undefined for those that the node doesn't have. */
	readonly blocks: readonly (BlockId | undefined)[];
	readonly logs: readonly ContractLog[];
	/** Whether the blocks and the logs are known to be from the same node. */
	readonly isFromOneNode: boolean;
}

/** The node refused the logs of the range, or they are too long. */
export interface RefusedPage {
	readonly refusal: unknown;
	readonly head?: BlockId;
}

/** Reads the last block. */
export function readHead(connection: Connection, blockTag: PageRequest["blockTag"]): Promise<BlockId> {
	return connection.read(async () => parseBlock(await readBlock(connection.provider, blockTag)));
}

/** Reads a range. A rate limit isn't a refusal of the range. */
export function readPage(connection: Connection, request: PageRequest): Promise<LogPage | RefusedPage> {
	return connection.read(() => {
		const reading = readTogether(connection, request).then((page) => page ?? readInTurn(connection, request));
		return pTimeout(reading, { milliseconds: request.timeoutMs });
	});
}

/** The last block comes first: the logs of later blocks may be missing, but none up to that block. */
async function readTogether(
	{ provider, address }: Connection,
	request: PageRequest,
): Promise<LogPage | RefusedPage | undefined> {
	if (!canSendTogether(provider)) return undefined;
	const { blockTag, from, to } = request;
	const toBlock = to === undefined ? blockTag : toQuantity(to);
	const filter = { address, fromBlock: toQuantity(from), toBlock };
	const calls: RpcCall[] = [
		{ method: "eth_getBlockByNumber", params: [blockTag, false] },
		...request.blocks.map((block) => ({ method: "eth_getBlockByNumber", params: [toQuantity(block), false] })),
		{ method: "eth_getLogs", params: [filter] },
	];
	try {
		const responses = await provider.sendTogether(calls);
		return responses && parsePage(responses, request, address);
	} catch (error) {
		if (isTooLarge(error)) return { refusal: error };
		throw error;
	}
}

function parsePage(
	responses: readonly RpcResponse[],
	request: PageRequest,
	address: Connection["address"],
): LogPage | RefusedPage {
	const [latest, ...others] = responses as [RpcResponse, ...RpcResponse[]];
	const logs = others.pop() as RpcResponse;
	const head = parseBlock(resultOf(latest));
	if (logs.error !== undefined) {
		if (isRateLimit(logs.error)) throw logs.error;
		return { refusal: logs.error, head };
	}
	const blocks = others.map((response, index) => toBlock(resultOf(response), request.blocks[index]));
	return { head, blocks, logs: parseLogs(logs.result, address), isFromOneNode: true };
}

/** The requests may be answered by different nodes behind one address. */
async function readInTurn(
	{ provider, address }: Connection,
	{ blockTag, from, to, blocks }: PageRequest,
): Promise<LogPage | RefusedPage> {
	const head = parseBlock(await readBlock(provider, blockTag));
	const others = await Promise.all(blocks.map(async (number) => toBlock(await readBlock(provider, number), number)));
	const end = Math.min(to ?? head.number, head.number);
	if (end < from) return { head, blocks: others, logs: [], isFromOneNode: false };
	try {
		const logs = await readLogs(provider, { address, fromBlock: from, toBlock: end });
		return { head, blocks: others, logs: parseLogs(logs, address), isFromOneNode: false };
	} catch (refusal) {
		if (isTooLarge(refusal) || isRefusal(refusal)) return { refusal, head };
		throw refusal;
	}
}

function parseLogs(logs: unknown, address: Connection["address"]): readonly ContractLog[] {
	if (!Array.isArray(logs)) throw badResponse();
	return logs.map((log) => parseLog(log, address));
}

function toBlock(value: unknown, expected: number | undefined): BlockId | undefined {
	if (value === null) return undefined;
	const block = parseBlock(value);
	if (block.number !== expected) throw badResponse();
	return block;
}

function resultOf({ result, error }: RpcResponse): unknown {
	if (error !== undefined) throw error;
	return result;
}

function isRateLimit(error: unknown): boolean {
	return RATE_LIMITS.has(describeCallFailure(error).details.rpcCode);
}

/** Whether the node responded with an error of its own. */
function isRefusal(error: unknown): boolean {
	return describeCallFailure(error).details.rpcCode !== undefined && !isRateLimit(error);
}
