/**
 * A JSON-RPC server in front of another, which counts what passes through it.
 * @module
 */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { postJson } from "./post-json.ts";

/** One JSON-RPC call. */
interface SeenCall {
	readonly method: string;
	readonly params: readonly unknown[];
}

/** A counting proxy. */
export interface RpcCounter {
	readonly url: string;
	/** HTTP requests since the last reset. */
	readonly requests: () => number;
	/** Calls of one method since the last reset. */
	readonly count: (method: string) => number;
	readonly reset: () => void;
	/** What calls wait for before they are passed on. */
	before: Promise<void> | undefined;
	readonly close: () => Promise<void>;
}

/** Starts a proxy that passes every call on to `target`. */
export async function startRpcCounter(target: string): Promise<RpcCounter> {
	let seen: SeenCall[] = [];
	let requests = 0;
	const server = createServer(async (incoming, outgoing) => {
		const body = await readBody(incoming);
		requests += 1;
		seen.push(...([JSON.parse(body)].flat() as SeenCall[]));
		await counter.before;
		const answer = await postJson(target, body);
		outgoing.writeHead(answer.status, { "content-type": "application/json" });
		outgoing.end(answer.body);
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const counter: RpcCounter = {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		requests: () => requests,
		count: (method) => seen.filter((call) => call.method === method).length,
		reset: () => {
			seen = [];
			requests = 0;
		},
		before: undefined,
		close: async () => {
			server.closeAllConnections();
			server.close();
			await once(server, "close");
		},
	};
	return counter;
}

async function readBody(incoming: IncomingMessage): Promise<string> {
	let body = "";
	for await (const chunk of incoming) body += chunk;
	return body;
}
