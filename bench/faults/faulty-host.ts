/**
 * An HTTP or HTTPS server that works until it is told to fail.
 * @module
 */
import { once } from "node:events";
import { createServer as createHttpServer, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import type { Certificates } from "./certificates.ts";
import type { Fault } from "./fault.ts";
import { createHostName, redirectHostName } from "./host-names.ts";

/** Nothing listens here. */
const CLOSED_ADDRESS = "127.0.0.2";

export interface FaultyHost {
	readonly url: string;
	/** Breaks all connections, and fails from now on. */
	fail(fault: Fault): void;
	close(): Promise<void>;
}

/** Returns the body of a response to a request with this body; the status is 200 unless it is set. */
export type Answering = (body: Buffer, outgoing: ServerResponse) => Promise<Buffer | string>;

/** Starts a host; with an https URL if certificates are given. */
export async function startFaultyHost(answer: Answering, certificates?: Certificates): Promise<FaultyHost> {
	const open = new Set<Socket>();
	const name = createHostName();
	let current: Fault | undefined;
	const secure = certificates && createHttpsServer({ key: certificates.key, cert: certificates.valid });
	const server = secure ?? createHttpServer();
	server.on("clientError", (_error, socket) => socket.destroy());
	server.on("request", async (incoming, outgoing) => {
		const body = await buffer(incoming).catch(() => undefined);
		if (body === undefined) return;
		if (current?.respond !== undefined) return current.respond(outgoing);
		const honest = Buffer.from(await answer(body, outgoing));
		outgoing.setHeader("content-type", "application/json");
		outgoing.end(current?.alter?.(honest) ?? honest);
	});
	const front = createServer((socket) => {
		open.add(socket);
		socket.once("close", () => open.delete(socket));
		socket.on("error", () => {});
		if (current?.onSocket === undefined) server.emit("connection", socket);
		else current.onSocket(socket);
	});
	front.listen(0, "127.0.0.1");
	await once(front, "listening");
	const { port } = front.address() as AddressInfo;
	return {
		url: `${secure === undefined ? "http" : "https"}://${name}:${port}/`,
		fail(fault) {
			current = fault;
			if (certificates !== undefined && fault.certificate !== undefined) {
				secure?.setSecureContext({ key: certificates.key, cert: certificates[fault.certificate] });
			}
			if (fault.lookup !== undefined) redirectHostName(name, fault.lookup);
			if (fault.isClosed === true) redirectHostName(name, CLOSED_ADDRESS);
			for (const socket of open) socket.destroy();
		},
		async close() {
			for (const socket of open) socket.destroy();
			front.close();
			await once(front, "close");
		},
	};
}
