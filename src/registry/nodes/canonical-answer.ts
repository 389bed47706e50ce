/**
 * Responses as text that is the same if they say the same.
 * @module
 */
import type { JsonRpcPayload } from "ethers";
import type { JsonRpcResponse } from "../rpc-transport.js";

/** The members that are compared; nodes differ in others, such as the size of a block. */
const BLOCK = ["hash", "number", "parentHash", "timestamp"];
const LOG = ["address", "blockHash", "blockNumber", "data", "logIndex", "topics", "transactionHash"];
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
	eth_getBlockByNumber: BLOCK,
	eth_getBlockByHash: BLOCK,
	eth_getLogs: LOG,
};

/** Geth's and OpenEthereum's JSON-RPC codes for a revert. */
const REVERTED: ReadonlySet<unknown> = new Set([3, -32_015]);

/** Undefined if the node couldn't answer, which says nothing about the chain. */
export function toCanonical({ method }: JsonRpcPayload, response: JsonRpcResponse): string | undefined {
	if ("error" in response) {
		return isRevert(response) ? `reverted ${JSON.stringify(revertData(response.error))}`.toLowerCase() : undefined;
	}
	const result: unknown = response.result;
	if (typeof result === "string") return result.toLowerCase();
	return JSON.stringify(result ?? null, MEMBERS[method]?.slice())?.toLowerCase();
}

/** Whether the contract refused the call. Messages say so in different words. */
export function isRevert(response: JsonRpcResponse): boolean {
	const { error } = response as { readonly error?: unknown };
	const { code, message } = Object(error) as { readonly code?: unknown; readonly message?: unknown };
	return REVERTED.has(code) || revertData(error) !== undefined || /revert/i.test(String(message));
}

/** Hardhat wraps it. */
function revertData(error: unknown): string | undefined {
	const { data } = Object(error) as { readonly data?: unknown };
	const text = typeof data === "object" ? (Object(data) as { readonly data?: unknown }).data : data;
	return typeof text === "string" && /^0x/i.test(text) ? text : undefined;
}
