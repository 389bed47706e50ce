/**
 * A JSON-RPC node in front of the chain that is honest until it is told to fail.
 * @module
 */
import type { Certificates } from "./certificates.ts";
import { type FaultyHost, startFaultyHost } from "./faulty-host.ts";
import type { Call, Chain, NodeFault, Reply } from "./node-fault.ts";

/** A node that can fail. */
export interface FaultyNode extends FaultyHost {
	/** Fails from now on, or works again. */
	fail(fault: NodeFault | undefined): Promise<void>;
}

/** Starts a node of a chain; with an https URL if certificates are given. */
export async function startFaultyNode(chain: Omit<Chain, "turn">, certificates?: Certificates): Promise<FaultyNode> {
	let current: NodeFault | undefined;
	let turn = 0;
	const host = await startFaultyHost(async (body, outgoing) => {
		const asked = JSON.parse(body.toString()) as Call | Call[];
		turn += 1;
		const replies = await Promise.all([asked].flat().map((call) => reply(call, turn)));
		const isBatch = Array.isArray(asked);
		if (isBatch && current?.batchStatus !== undefined) outgoing.statusCode = current.batchStatus;
		return JSON.stringify(current?.reply?.(replies, isBatch) ?? (isBatch ? replies : replies[0]));
	}, certificates);
	return {
		...host,
		fail(fault) {
			current = fault;
			return host.fail(fault);
		},
	};

	async function reply(call: Call, turn: number): Promise<Reply> {
		const answer =
			(await current?.answer?.(call, { ...chain, turn })) ?? (await chain.honest(call.method, call.params));
		return { ...answer, jsonrpc: "2.0", id: call.id };
	}
}
