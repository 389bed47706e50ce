/**
 * An HTTP server of one document that responds when a test tells it to.
 * @module
 */
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Body = Uint8Array | string;

/** A server on a free port of 127.0.0.1. */
export interface SlowServer {
	/** The document's address. */
	readonly url: string;
	/** Waits for a request and returns a function that answers it. */
	asked(): Promise<(body: Body) => void>;
	/** Answers everybody who waits, and everybody who asks from now on; requests taken with `asked` wait on. */
	answer(body: Body): void;
	requests(): number;
	close(): Promise<void>;
}

/** Starts a server that makes every request wait. */
export async function startSlowServer(): Promise<SlowServer> {
	const waiting: ServerResponse[] = [];
	const callers: (() => void)[] = [];
	let current: Body | undefined;
	let requests = 0;
	const server = createServer((_incoming, outgoing) => {
		requests += 1;
		if (current !== undefined) {
			send(outgoing, current);
			return;
		}
		waiting.push(outgoing);
		for (const wake of callers.splice(0)) wake();
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/org.json`,
		async asked() {
			while (waiting.length === 0) await new Promise<void>((wake) => callers.push(wake));
			const outgoing = waiting.shift() as ServerResponse;
			return (body) => send(outgoing, body);
		},
		answer(body) {
			current = body;
			for (const outgoing of waiting.splice(0)) send(outgoing, body);
		},
		requests: () => requests,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, "close");
		},
	};
}

function send(outgoing: ServerResponse, body: Body): void {
	outgoing.writeHead(200, { "content-type": "application/json" });
	outgoing.end(body);
}
