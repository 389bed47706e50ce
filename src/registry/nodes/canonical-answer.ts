/**
 * Responses as text that is the same if they say the same.
 * @module
 */
import type { JsonRpcError, JsonRpcPayload } from "ethers";
import { parseNative } from "../../encoding/native-json.js";
import type { JsonRpcResponse } from "../rpc-transport.js";

/** The members that are compared; nodes differ in others, such as the size of a block. */
const BLOCK = ["hash", "number", "parentHash", "timestamp"];
const LOG = [
	"address",
	"blockHash",
	"blockNumber",
	"data",
	"logIndex",
	"topics",
	"transactionHash",
	"transactionIndex",
];
const MEMBERS: Readonly<Record<string, readonly string[]>> = { eth_getBlockByNumber: BLOCK, eth_getLogs: LOG };

/** In place of members of a block that aren't compared; ethers requires them. */
const UNCOMPARED = { difficulty: "0x0", gasLimit: "0x0", gasUsed: "0x0", extraData: "0x", transactions: [] };

/** Geth's code for a revert. */
const GETH_REVERTED = 3;
/** Geth's and OpenEthereum's JSON-RPC codes for a revert. */
const REVERTED: ReadonlySet<unknown> = new Set([GETH_REVERTED, -32_015]);

/** Undefined if the node couldn't answer, which says nothing about the chain. */
export function toCanonical({ method }: JsonRpcPayload, response: JsonRpcResponse): string | undefined {
	if ("error" in response) {
		return isRevert(response) ? `reverted ${JSON.stringify(revertData(response.error))}`.toLowerCase() : undefined;
	}
	return compared(method, response.result).toLowerCase();
}

/**
 * The response without what isn't compared, because the node that is quoted may have invented it: ethers fails if a
 * block has an odd difficulty, or finds data of another revert deep in an error.
 */
export function withoutRest({ method }: JsonRpcPayload, response: JsonRpcResponse): JsonRpcResponse {
	const { id } = response;
	if ("error" in response) {
		const error = { code: GETH_REVERTED, message: "execution reverted", data: revertData(response.error) };
		return { id, error } satisfies JsonRpcError;
	}
	const result = parseNative(compared(method, response.result), (_name, value: unknown) =>
		typeof value === "string" ? value.toLowerCase() : value,
	);
	if (method !== "eth_getBlockByNumber" || typeof result !== "object" || result === null) return { id, result };
	const { baseFeePerGas } = response.result as { readonly baseFeePerGas?: unknown };
	return { id, result: { ...UNCOMPARED, ...result, ...(isQuantity(baseFeePerGas) && { baseFeePerGas }) } };
}

/** Whether the contract refused the call. Messages say so in different words. */
export function isRevert(response: JsonRpcResponse): boolean {
	const { error } = response as { readonly error?: unknown };
	const { code, message } = Object(error) as { readonly code?: unknown; readonly message?: unknown };
	return REVERTED.has(code) || revertData(error) !== undefined || /revert/i.test(String(message));
}

/** Text is quoted, so that it can't be taken for an object or a revert. */
function compared(method: string, result: unknown): string {
	return JSON.stringify(result ?? null, MEMBERS[method]?.slice());
}

/** Hardhat wraps it. */
function revertData(error: unknown): string | undefined {
	const { data } = Object(error) as { readonly data?: unknown };
	const text = typeof data === "object" ? (Object(data) as { readonly data?: unknown }).data : data;
	return typeof text === "string" && /^0x/i.test(text) ? text : undefined;
}

function isQuantity(value: unknown): boolean {
	return typeof value === "string" && /^0x[\da-f]{1,64}$/.test(value);
}
