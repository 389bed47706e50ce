/**
 * A local HTTP server of one JWK Set, which counts what was asked of it and can be down, slow, huge or wrong.
 * @module
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Handles a request. */
export type JwksAnswer = (outgoing: ServerResponse, incoming: IncomingMessage) => void;

/** A server on a port of 127.0.0.1 that stays its own until the test is over. */
export interface JwksServer {
	readonly url: string;
	/** Requests since the last call. */
	asked(): number;
	/** Serves these keys from now on. */
	serve(...keys: readonly unknown[]): void;
	/** Serves this text with this status from now on. */
	send(body: string, status?: number, headers?: Readonly<Record<string, string>>): void;
	/** Answers in any way from now on. */
	answer(answer: JwksAnswer): void;
	/** Drops every connection from now on. */
	down(): void;
	close(): Promise<void>;
}

/** Starts a server of an empty set. */
export async function startJwksServer(): Promise<JwksServer> {
	let count = 0;
	let current: JwksAnswer = () => {};
	const server = createServer((incoming, outgoing) => {
		count += 1;
		current(outgoing, incoming);
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const jwks: JwksServer = {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`,
		asked() {
			const before = count;
			count = 0;
			return before;
		},
		serve: (...keys) => jwks.send(JSON.stringify({ keys })),
		send: (body, status = 200, headers = {}) =>
			jwks.answer((outgoing) => {
				outgoing.writeHead(status, { "content-type": "application/json", ...headers });
				outgoing.end(body);
			}),
		answer: (answer) => {
			current = answer;
		},
		down: () => jwks.answer((_outgoing, incoming) => incoming.socket.destroy()),
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, "close");
		},
	};
	jwks.serve();
	return jwks;
}
