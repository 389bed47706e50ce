/**
 * A node that is behind: the real chain as it was at an earlier block.
 * @module
 */
import { type Answer, passOn } from "./fake-node.ts";

/** Where each method has its block. */
const BLOCK_PARAMETER: Readonly<Record<string, number>> = { eth_call: 1, eth_getCode: 1, eth_getBlockByNumber: 0 };

/** Answers as the node at `rpcUrl` would have when `head` was its latest block. */
export async function answerAt(
	head: number,
	rpcUrl: string,
	method: string,
	params: readonly unknown[],
): Promise<Answer> {
	if (method === "eth_blockNumber") return { result: toHex(head) };
	if (method === "eth_getLogs") return passOn(rpcUrl, method, [capLogs(head, params[0] as LogFilter)]);
	const at = BLOCK_PARAMETER[method];
	if (at === undefined) return passOn(rpcUrl, method, params);
	const block = params[at];
	if (typeof block === "string" && block.startsWith("0x") && Number(block) > head) {
		if (method === "eth_getBlockByNumber") return { result: null };
		return { error: { code: -32_000, message: "header not found" } };
	}
	return passOn(rpcUrl, method, block === "latest" ? params.toSpliced(at, 1, toHex(head)) : params);
}

interface LogFilter {
	readonly fromBlock?: string;
	readonly toBlock?: string;
}

/** Nodes leave out the logs of blocks that they don't have, without an error. */
function capLogs(head: number, filter: LogFilter): LogFilter {
	const { fromBlock = "latest", toBlock = "latest" } = filter;
	return { ...filter, fromBlock: fromBlock === "latest" ? toHex(head) : fromBlock, toBlock: cap(toBlock) };

	function cap(block: string): string {
		return block === "latest" || Number(block) > head ? toHex(head) : block;
	}
}

function toHex(block: number): string {
	return `0x${block.toString(16)}`;
}
