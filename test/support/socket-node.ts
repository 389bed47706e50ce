/**
 * A node's WebSocket (RFC 6455) that says anything, to any subscriber.
 * @module
 */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** A request of a client. */
export interface SocketCall {
	readonly id: number;
	readonly method: string;
	readonly params: readonly unknown[];
}

/** A node that takes subscriptions. */
export interface SocketNode {
	readonly url: string;
	/** Requests, in order. */
	readonly calls: SocketCall[];
	/** Responds from now on; undefined for no response. */
	answer: (call: SocketCall) => unknown;
	/** How many connections are open. */
	connections(): number;
	/** Sends a message to all clients: text as it is, anything else as JSON. */
	send(message: unknown): void;
	/** Cuts all connections. */
	cut(): void;
	close(): Promise<void>;
}

/** The subscriptions that an honest node would have. */
export const HEADS = "0xaa";
export const LOGS = "0xbb";

/** Opcodes of frames. */
const [TEXT, CLOSE] = [1, 8];

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** What an honest node of chain 31337 responds. */
export function subscribe({ method, params }: SocketCall): unknown {
	if (method === "eth_chainId") return "0x7a69";
	return params[0] === "newHeads" ? HEADS : LOGS;
}

/** Starts a node. */
export async function startSocketNode(): Promise<SocketNode> {
	const sockets = new Set<Socket>();
	const server = createServer();
	server.on("upgrade", (request, socket: Socket) => {
		const accept = createHash("sha1").update(`${request.headers["sec-websocket-key"]}${GUID}`).digest("base64");
		const headers = ["Upgrade: websocket", "Connection: Upgrade", `Sec-WebSocket-Accept: ${accept}`];
		socket.write(["HTTP/1.1 101 Switching Protocols", ...headers, "", ""].join("\r\n"));
		sockets.add(socket);
		socket.on("close", () => sockets.delete(socket));
		socket.on("error", () => undefined);
		socket.on("data", (bytes) => {
			for (const { opcode, text } of readFrames(bytes)) {
				if (opcode === TEXT) respond(socket, JSON.parse(text) as SocketCall);
				if (opcode === CLOSE) socket.end(Buffer.from([0x80 | CLOSE, 0]));
			}
		});
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const node: SocketNode = {
		url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
		calls: [],
		answer: subscribe,
		connections: () => sockets.size,
		send(message) {
			for (const socket of sockets) socket.write(toFrame(message));
		},
		cut() {
			for (const socket of sockets) socket.destroy();
		},
		async close() {
			node.cut();
			server.close();
			await once(server, "close");
		},
	};
	return node;

	function respond(socket: Socket, call: SocketCall): void {
		node.calls.push(call);
		const result = node.answer(call);
		if (result !== undefined) socket.write(toFrame({ jsonrpc: "2.0", id: call.id, result }));
	}
}

/** An announcement to the subscribers of blocks or logs. */
export function announcement(subscription: string, result: unknown): object {
	return { jsonrpc: "2.0", method: "eth_subscription", params: { subscription, result } };
}

/** One unmasked text frame. */
function toFrame(message: unknown): Buffer {
	const payload = Buffer.from(typeof message === "string" ? message : JSON.stringify(message));
	const header = Buffer.alloc(payload.length < 126 ? 2 : 10);
	header[0] = 0x81;
	header[1] = Math.min(payload.length, 126);
	if (header.length > 2) {
		header[1] = 127;
		header.writeBigUInt64BE(BigInt(payload.length), 2);
	}
	return Buffer.concat([header, payload]);
}

/** The masked frames of a client, which are short and arrive whole. */
function readFrames(bytes: Buffer): { readonly opcode: number; readonly text: string }[] {
	const frames: ReturnType<typeof readFrames> = [];
	for (let at = 0; at < bytes.length; ) {
		const [first = 0, second = 0] = bytes.subarray(at);
		const isLong = (second & 0x7f) === 126;
		const start = at + (isLong ? 4 : 2);
		const length = isLong ? bytes.readUInt16BE(at + 2) : second & 0x7f;
		const mask = bytes.subarray(start, start + 4);
		const payload = bytes.subarray(start + 4, start + 4 + length).map((byte, index) => byte ^ (mask[index % 4] ?? 0));
		frames.push({ opcode: first & 0x0f, text: Buffer.from(payload).toString() });
		at = start + 4 + length;
	}
	return frames;
}
