/**
 * An HTTP or HTTPS server that works until it is told to fail.
 * @module
 */
import { once } from "node:events";
import { createServer as createHttpServer, type ServerResponse } from "node:http";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { createSecureContext, TLSSocket } from "node:tls";
import type { Certificates } from "./certificates.ts";
import type { Fault } from "./fault.ts";
import { createHostName, redirectHostName } from "./host-names.ts";

const OPEN_ADDRESS = "127.0.0.1";
/** Nothing listens here. */
const CLOSED_ADDRESS = "127.0.0.2";
const NOTICE_MS = 50;

export interface FaultyHost {
	readonly url: string;
	/** Breaks all connections, and fails from now on, or works again; resolves when clients have noticed. */
	fail(fault: Fault | undefined): Promise<void>;
	close(): Promise<void>;
}

/** Returns the body of a response to a request with this body; the status is 200 unless it is set. */
export type Answering = (body: Buffer, outgoing: ServerResponse) => Promise<Buffer | string>;

/** Starts a host; with an https URL if certificates are given. */
export async function startFaultyHost(answer: Answering, certificates?: Certificates): Promise<FaultyHost> {
	const open = new Set<Socket>();
	const name = createHostName();
	let current: Fault | undefined;
	const server = createHttpServer();
	server.on("clientError", (_error, socket) => socket.destroy());
	server.on("request", async (incoming, outgoing) => {
		const body = await buffer(incoming).catch(() => undefined);
		if (body === undefined) return;
		if (current?.respond !== undefined) return current.respond(outgoing);
		const honest = Buffer.from(await answer(body, outgoing));
		outgoing.setHeader("content-type", "application/json");
		outgoing.end(current?.alter?.(honest) ?? honest);
	});
	const front = createServer((raw) => {
		open.add(raw);
		raw.once("close", () => open.delete(raw));
		raw.on("error", () => {});
		const { onSocket, isSecure } = current ?? {};
		// A fault of TLS is one below it.
		const socket = certificates === undefined || (isSecure && onSocket) ? raw : encrypt(raw, certificates);
		if (onSocket === undefined) server.emit("connection", socket);
		else onSocket(socket);
	});
	front.listen(0, OPEN_ADDRESS);
	await once(front, "listening");
	const { port } = front.address() as AddressInfo;
	return {
		url: `${certificates === undefined ? "http" : "https"}://${name}:${port}/`,
		async fail(fault) {
			current = fault;
			const target = fault?.isClosed === true ? CLOSED_ADDRESS : OPEN_ADDRESS;
			redirectHostName(name, fault?.lookup ?? target);
			for (const socket of open) socket.destroy();
			await sleep(NOTICE_MS);
		},
		async close() {
			for (const socket of open) socket.destroy();
			front.close();
			await once(front, "close");
		},
	};

	function encrypt(raw: Socket, { key, ...certificate }: Certificates): Socket {
		const secureContext = createSecureContext({ key, cert: certificate[current?.certificate ?? "valid"] });
		const socket = new TLSSocket(raw, { isServer: true, secureContext });
		socket.on("error", () => {});
		return Object.assign(socket, { resetAndDestroy: () => raw.resetAndDestroy() });
	}
}
