/**
 * Faults of a node that speaks JSON-RPC.
 * @module
 */
import type { Answer } from "../../test/support/fake-node.ts";
import type { Fault } from "./fault.ts";

/** A JSON-RPC call. */
export interface Call {
	readonly id: number;
	readonly method: string;
	readonly params: readonly unknown[];
}

/** The response to a call. */
export type Reply = Readonly<Record<string, unknown>>;

/** The chain behind the node. */
export interface Chain {
	readonly rpcUrl: string;
	/** The number of the latest block. */
	readonly head: number;
	/** Counts the requests. */
	readonly turn: number;
	/** The chain's own answer. */
	honest(method: string, params: readonly unknown[]): Promise<Answer>;
}

/** A fault of a node. */
export interface NodeFault extends Fault {
	/** Answers a call; undefined: honestly. */
	readonly answer?: (call: Call, chain: Chain) => Answer | Promise<Answer> | undefined;
	/** Changes the responses to the calls of one request. */
	readonly reply?: (replies: readonly Reply[], isBatch: boolean) => unknown;
	/** The status of the response to a batch. */
	readonly batchStatus?: number;
}

/** Answers one method. */
export function on(
	method: string,
	answer: (params: readonly unknown[], chain: Chain) => Answer | Promise<Answer> | undefined,
): NonNullable<NodeFault["answer"]> {
	return (call, chain) => (call.method === method ? answer(call.params, chain) : undefined);
}

/** Answers every call with an error. */
export function fails(code: number, message: string, data?: unknown): NonNullable<NodeFault["answer"]> {
	return () => ({ error: { code, message, ...(data !== undefined && { data }) } });
}
