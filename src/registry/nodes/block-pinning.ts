/**
 * Calls that name a block by a tag, such as `latest`, and the same calls at a block's number.
 * @module
 */
import type { JsonRpcPayload } from "ethers";

/** A block that nodes may see differently. */
export type HeadTag = "latest" | "safe" | "finalized";

const TAGS: ReadonlySet<unknown> = new Set<HeadTag>(["latest", "safe", "finalized"]);

/** Where each method's parameters name the block. */
const BLOCK_PARAMETER: Readonly<Record<string, number>> = {
	eth_call: 1,
	eth_getCode: 1,
	eth_getBlockByNumber: 0,
};

const COMPARABLE: ReadonlySet<string> = new Set([
	...Object.keys(BLOCK_PARAMETER),
	"eth_blockNumber",
	"eth_chainId",
	"eth_getLogs",
]);

/** Whether honest nodes give the same response to a call. */
export function isComparable({ method }: JsonRpcPayload): boolean {
	return COMPARABLE.has(method);
}

/** The tag that a call depends on, if any. */
export function headTagOf({ method, params }: JsonRpcPayload): HeadTag | undefined {
	if (method === "eth_blockNumber") return "latest";
	if (method === "eth_getLogs") return headTagOfLogs(paramsOf(params)[0]);
	const index = BLOCK_PARAMETER[method];
	return index === undefined ? undefined : toHeadTag(paramsOf(params)[index]);
}

/** The same call at a block instead of a tag. */
export function pinTo(payload: JsonRpcPayload, tag: HeadTag, block: string): JsonRpcPayload {
	const { method } = payload;
	const params = [...paramsOf(payload.params)];
	const index = BLOCK_PARAMETER[method];
	if (index !== undefined) params[index] = block;
	if (method === "eth_getLogs") {
		const filter = Object(params[0]) as { readonly fromBlock?: unknown; readonly toBlock?: unknown };
		const { fromBlock, toBlock } = filter;
		params[0] = { ...filter, fromBlock: pinned(fromBlock), toBlock: pinned(toBlock) };
	}
	return { ...payload, params };

	function pinned(named: unknown): unknown {
		return toHeadTag(named) === tag ? block : named;
	}
}

/** The last block of a range of logs; undefined for other calls, and for the logs of a block that is named by its hash. */
export function lastBlockOf({ method, params }: JsonRpcPayload): unknown {
	if (method !== "eth_getLogs") return undefined;
	const { blockHash, toBlock } = Object(paramsOf(params)[0]) as Readonly<Record<string, unknown>>;
	return blockHash === undefined ? (toBlock ?? "latest") : undefined;
}

function headTagOfLogs(filter: unknown): HeadTag | undefined {
	const { blockHash, fromBlock, toBlock } = Object(filter) as Readonly<Record<string, unknown>>;
	return blockHash === undefined ? (toHeadTag(toBlock) ?? toHeadTag(fromBlock)) : undefined;
}

/** The default of every method is `latest`. */
function toHeadTag(block: unknown): HeadTag | undefined {
	if (block === undefined || block === null) return "latest";
	return TAGS.has(block) ? (block as HeadTag) : undefined;
}

function paramsOf(params: JsonRpcPayload["params"]): readonly unknown[] {
	return Array.isArray(params) ? params : [];
}
