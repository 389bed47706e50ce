/**
 * A JSON-RPC server in front of a real node that takes no batches, small ones only, or only cheap calls.
 * @module
 */
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { FunctionFragment } from "ethers";
import { postJson } from "./post-json.ts";

/** What the node takes, and how it refuses the rest. */
export interface StingyRules {
	/** The longest batch it takes. */
	readonly maxBatch?: number;
	/** Answers a batch that is too long. */
	readonly refuseBatch?: (outgoing: ServerResponse) => void;
	/** The most organizations of one `resolveMany` that its gas lasts for. */
	readonly maxResolved?: number;
}

/** A stingy node. */
export interface StingyNode {
	readonly url: string;
	/** The lengths of the batches it was sent, refused or not; 1 for a call alone. */
	readonly batches: number[];
	/** How many calls it refused for their gas. */
	refusedCalls(): number;
	close(): Promise<void>;
}

interface Call {
	readonly id: number;
	readonly method: string;
	readonly params: readonly unknown[];
}

/** `resolveMany(bytes32[])`: its selector, then where the array begins, then its length. */
const RESOLVE_MANY = FunctionFragment.from("resolveMany(bytes32[])").selector;

/** Starts a node in front of `target`. */
export async function startStingyNode(target: string, rules: StingyRules): Promise<StingyNode> {
	const { maxBatch = 1_000, refuseBatch, maxResolved = 1_000 } = rules;
	const batches: number[] = [];
	let refused = 0;
	const server = createServer(async (incoming, outgoing) => {
		let body = "";
		for await (const chunk of incoming) body += chunk;
		const asked = JSON.parse(body) as Call | Call[];
		const calls = [asked].flat();
		batches.push(calls.length);
		if (Array.isArray(asked) && calls.length > maxBatch && refuseBatch !== undefined) {
			refuseBatch(outgoing);
			return;
		}
		const answers = await Promise.all(calls.map(answer));
		sendJson(outgoing, 200, Array.isArray(asked) ? answers : answers[0]);
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		batches,
		refusedCalls: () => refused,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, "close");
		},
	};

	async function answer(call: Call): Promise<unknown> {
		if (call.method === "eth_call" && resolvedBy(call) > maxResolved) {
			refused += 1;
			return { jsonrpc: "2.0", id: call.id, error: { code: -32_000, message: "out of gas" } };
		}
		return JSON.parse((await postJson(target, JSON.stringify({ ...call, jsonrpc: "2.0" }))).body);
	}
}

/** Writes a JSON answer. */
export function sendJson(outgoing: ServerResponse, status: number, value: unknown): void {
	outgoing.writeHead(status, { "content-type": "application/json" });
	outgoing.end(JSON.stringify(value));
}

function resolvedBy({ params }: Call): number {
	const { data = "" } = params[0] as { readonly data?: string };
	return data.startsWith(RESOLVE_MANY) ? Number(`0x${data.slice(74, 138)}`) : 1;
}
