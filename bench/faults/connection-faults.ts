/**
 * Faults below HTTP, of any host: names, connections, TLS.
 * @module
 */
import type { Socket } from "node:net";
import type { Fault } from "./fault.ts";

const HEAD = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
const TRICKLE_MS = 250;

/** Acts on each connection once a request has arrived. */
function onRequest(act: (socket: Socket) => void): NonNullable<Fault["onSocket"]> {
	return (socket) => void socket.once("data", () => act(socket));
}

/** Sends the same bytes again and again until the other side closes the connection. */
function trickle(socket: Socket, bytes: string, milliseconds = TRICKLE_MS): void {
	const timer = setInterval(() => socket.write(bytes), milliseconds);
	socket.once("close", () => clearInterval(timer));
}

/** The faults. */
export const CONNECTION_FAULTS: readonly Fault[] = [
	{ name: "its name doesn't exist", lookup: "ENOTFOUND" },
	{ name: "name servers fail", lookup: "EAI_AGAIN" },
	{ name: "name servers don't respond", isSlow: true, lookup: "silence" },
	{ name: "refuses connections", isClosed: true },
	{ name: "resets connections", onSocket: (socket) => void socket.resetAndDestroy() },
	{ name: "resets after the request", onSocket: onRequest((socket) => void socket.resetAndDestroy()) },
	{ name: "closes after the request", onSocket: onRequest((socket) => void socket.end()) },
	{
		name: "resets after the headers",
		onSocket: onRequest((socket) => socket.write(`${HEAD}content-length: 99\r\n\r\n`, () => socket.resetAndDestroy())),
	},
	{
		name: "closes in the middle of the body",
		onSocket: onRequest((socket) => void socket.end(`${HEAD}content-length: 99\r\n\r\n{"jsonrpc":`)),
	},
	{ name: "never responds", isSlow: true, onSocket: (socket) => void socket.resume() },
	{ name: "stops after the headers", isSlow: true, onSocket: onRequest((socket) => void socket.write(`${HEAD}\r\n`)) },
	{
		name: "sends headers slowly",
		isSlow: true,
		onSocket: onRequest((socket) => {
			socket.write("HTTP/1.1 200 OK\r\n");
			trickle(socket, "x: x\r\n");
		}),
	},
	{
		name: "sends its body slowly",
		isSlow: true,
		onSocket: onRequest((socket) => {
			socket.write(`${HEAD}\r\n`);
			trickle(socket, " ");
		}),
	},
	{
		name: "sends 103 without end",
		onSocket: onRequest((socket) => trickle(socket, "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(100), 10)),
	},
	{
		name: "sends 1 MiB of headers",
		onSocket: onRequest((socket) => void socket.end(`${HEAD}x: ${"x".repeat(2 ** 20)}\r\n\r\n{}`)),
	},
	{ name: "isn't an HTTP server", onSocket: onRequest((socket) => void socket.end("SSH-2.0-OpenSSH_9.6\r\n")) },
	{ name: "has an untrusted certificate", isSecure: true, certificate: "untrusted" },
	{ name: "has an expired certificate", isSecure: true, certificate: "expired" },
	{ name: "has another host's certificate", isSecure: true, certificate: "other-name" },
	{
		name: "speaks HTTP at an https URL",
		isSecure: true,
		onSocket: onRequest((socket) => void socket.end(`${HEAD}content-length: 2\r\n\r\n{}`)),
	},
	{ name: "doesn't end the TLS handshake", isSlow: true, isSecure: true, onSocket: (socket) => void socket.resume() },
];
