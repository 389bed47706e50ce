/**
 * A TCP server that answers whatever bytes a test wants, as slowly as it wants, and knows which of its
 * connections are still open.
 * @module
 */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterAll, beforeAll } from "vitest";

/** A server that sends arbitrary bytes. */
export interface RawServer {
	readonly url: string;
	readonly port: number;
	/** What is done with a connection once its first bytes, the request, are there. */
	answer: (socket: Socket, request: string) => void;
	/** Every request's text, in order. */
	readonly requests: string[];
	/** Connections accepted so far. */
	accepted(): number;
	/** Resolves when the other side has closed every connection. */
	allClosed(): Promise<void>;
	close(): Promise<void>;
}

/** A server for the tests of this file or block: started before them, closed after them. */
export function useRawServer(): RawServer {
	const raw = {} as RawServer;
	beforeAll(() => startRawServer(raw));
	afterAll(() => raw.close());
	return raw;
}

/** Starts a server, as the object given, that closes each connection until it is told better. */
export async function startRawServer(raw = {} as RawServer): Promise<RawServer> {
	const open = new Set<Socket>();
	let count = 0;
	const server = createServer((socket) => {
		count++;
		open.add(socket);
		socket.on("error", () => {});
		socket.once("close", () => open.delete(socket));
		socket.once("data", (request) => {
			raw.requests.push(request.toString("latin1"));
			raw.answer(socket, request.toString("latin1"));
		});
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	return Object.assign<RawServer, RawServer>(raw, {
		url: `http://127.0.0.1:${port}`,
		port,
		answer: (socket) => socket.destroy(),
		requests: [],
		accepted: () => count,
		allClosed: async () => {
			await Promise.all([...open].map((socket) => new Promise((resolve) => socket.once("close", resolve))));
		},
		close: async () => {
			for (const socket of open) socket.destroy();
			server.close();
			await once(server, "close");
		},
	});
}
