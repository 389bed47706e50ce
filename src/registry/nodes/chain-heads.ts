/**
 * The block at which nodes are compared: one that enough of them have reached.
 * @module
 */
import type { JsonRpcPayload } from "ethers";
import { toQuantity } from "../quantity.js";
import type { JsonRpcResponse } from "../rpc-transport.js";
import { askAll } from "./ask-all.js";
import type { HeadTag } from "./block-pinning.js";
import { disagreement, type Panel } from "./disagreement.js";
import type { RpcNode } from "./rpc-node.js";

/** How many blocks nodes that agree may be apart; otherwise a node that lies about its head could bring back the past. */
const MAX_DISTANCE: Readonly<Record<HeadTag, number>> = { latest: 5, safe: 64, finalized: 64 };

/**
 * Asks all nodes for their heads and returns the blocks to compare at, best first. Each is the lowest of `count` heads
 * that are close together: one of those is an honest node's, unless `count` nodes lie.
 */
export function findSharedBlocks(panel: Panel, tag: HeadTag): Promise<readonly string[]> {
	const { count } = panel;
	return askAll(
		panel,
		(node) => askHead(node, tag),
		({ answers, failures, isLate, isComplete }) => {
			const heads = [...answers.values()].sort((a, b) => b - a);
			const isSame = heads.some((head, index) => head === heads[index + count - 1]);
			if (!isSame && !isLate && !isComplete) return undefined;
			const shared = lowestOfGroups(heads, count, MAX_DISTANCE[tag]);
			if (shared.length > 0) return shared.map(toQuantity);
			if (!isComplete) return undefined;
			const responses = [...answers].map(([node, head]) => [node, `is at block ${head}`] as const);
			throw disagreement(panel, { method: headCall(tag).method, responses, failures });
		},
	);
}

/** Asks one node for the number of its head. */
export async function askHead(node: RpcNode, tag: HeadTag): Promise<number> {
	return readHead(node, await node.send([headCall(tag)]));
}

function headCall(tag: HeadTag): JsonRpcPayload {
	return tag === "latest"
		? { id: 1, jsonrpc: "2.0", method: "eth_blockNumber", params: [] }
		: { id: 1, jsonrpc: "2.0", method: "eth_getBlockByNumber", params: [tag, false] };
}

/** For heads in descending order. */
function lowestOfGroups(heads: readonly number[], count: number, maxDistance: number): readonly number[] {
	const lowest = heads.slice(count - 1).filter((head, index) => (heads[index] as number) - head <= maxDistance);
	return [...new Set(lowest)];
}

function readHead({ toError }: RpcNode, [response]: readonly JsonRpcResponse[]): number {
	const { result } = Object(response) as { readonly result?: unknown };
	const head = typeof result === "object" ? (Object(result) as { readonly number?: unknown }).number : result;
	if (typeof head === "string" && /^0x[0-9a-f]{1,13}$/i.test(head)) return Number(head);
	throw toError(response);
}
