/**
 * Faults of a node in JSON-RPC: errors, and responses that don't match the calls.
 * @module
 */
import { fails, type NodeFault, on, type Reply } from "./node-fault.ts";

/** Leaves out members. */
function without({ ...reply }: Reply, ...names: readonly string[]): Reply {
	for (const name of names) delete (reply as Record<string, unknown>)[name];
	return reply;
}

/** Changes each response, in a batch or alone. */
function each(change: (reply: Reply) => Reply): NonNullable<NodeFault["reply"]> {
	return (replies, isBatch) => (isBatch ? replies.map(change) : change(replies[0] as Reply));
}

/** Changes batches only. */
function batch(change: (replies: readonly Reply[]) => unknown): NonNullable<NodeFault["reply"]> {
	return (replies, isBatch) => (isBatch ? change(replies) : replies[0]);
}

const REFUSED = { jsonrpc: "2.0", id: null, error: { code: -32_600, message: "batches are not supported" } };

/** Errors for every call. */
const ERRORS: readonly NodeFault[] = [
	{ name: "-32700, parse error", answer: fails(-32_700, "parse error") },
	{ name: "-32600, invalid request", answer: fails(-32_600, "invalid request") },
	{ name: "-32601, method not found", answer: fails(-32_601, "the method does not exist/is not available") },
	{ name: "-32602, invalid params", answer: fails(-32_602, "invalid params") },
	{ name: "-32603, internal error", answer: fails(-32_603, "internal error") },
	{ name: "-32005, limit exceeded", answer: fails(-32_005, "daily request count exceeded, request rate limited") },
	{ name: "the JSON-RPC code 429", answer: fails(429, "too many requests") },
	{ name: "-32000, header not found", answer: fails(-32_000, "header not found") },
	{ name: "-32000, missing trie node", answer: fails(-32_000, "missing trie node") },
	{ name: "-32000, still syncing", answer: fails(-32_000, "the node is syncing") },
	{
		name: "an error of 1 MiB",
		answer: fails(-32_000, "x".repeat(2 ** 20)),
	},
	{
		name: "an error without a code",
		reply: each((reply) => ({ ...without(reply, "result"), error: { message: "no" } })),
	},
	{ name: "an error that is text", reply: each((reply) => ({ ...without(reply, "result"), error: "no" })) },
	{
		name: "an error besides the result",
		reply: each((reply) => ({ ...reply, error: { code: -32_000, message: "no" } })),
	},
	{ name: "`eth_call` isn't supported", answer: on("eth_call", () => ({ error: { code: -32_601, message: "no" } })) },
	{
		name: "`eth_getCode` isn't supported",
		answer: on("eth_getCode", () => ({ error: { code: -32_601, message: "no" } })),
	},
	{
		name: "`eth_chainId` isn't supported",
		answer: on("eth_chainId", () => ({ error: { code: -32_601, message: "no" } })),
	},
];

/** Responses that don't belong to the calls. */
const ENVELOPES: readonly NodeFault[] = [
	{ name: "responses with another id", reply: each((reply) => ({ ...reply, id: Number(reply["id"]) + 1_000 })) },
	{ name: "responses without an id", reply: each((reply) => without(reply, "id")) },
	{ name: "responses with the id `null`", reply: each((reply) => ({ ...reply, id: null })) },
	{ name: "responses with the id as text", reply: each((reply) => ({ ...reply, id: String(reply["id"]) })) },
	{ name: "responses without `jsonrpc`", reply: each((reply) => without(reply, "jsonrpc")) },
	{ name: "responses without a result", reply: each((reply) => without(reply, "result")) },
	{ name: "results that are `null`", answer: () => ({ result: null }) },
	{ name: "single responses in an array", reply: (replies) => replies },
	{ name: "a batch with one response missing", reply: batch((replies) => replies.slice(1)) },
	{ name: "a batch with one response twice", reply: batch((replies) => [...replies, replies[0]]) },
	{ name: "a batch in reverse order", reply: batch((replies) => replies.toReversed()) },
	{ name: "a batch with `null` in it", reply: batch((replies) => [null, ...replies.slice(1)]) },
	{ name: "batches refused with -32600", reply: batch(() => REFUSED) },
	{ name: "batches refused with status 400", reply: batch(() => REFUSED), batchStatus: 400 },
	{ name: "batches refused with status 413", reply: batch(() => REFUSED), batchStatus: 413 },
	{ name: "batches refused with status 500", reply: batch(() => REFUSED), batchStatus: 500 },
];

/** The faults. */
export const RPC_FAULTS: readonly NodeFault[] = [...ERRORS, ...ENVELOPES];
