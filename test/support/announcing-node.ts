/**
 * The WebSocket of a node, which announces what a test tells it to.
 * @module
 */
import { once } from "node:events";
import { toQuantity } from "ethers";
import { type WebSocket, WebSocketServer } from "ws";

/** A WebSocket server. */
export interface AnnouncingNode {
	readonly url: string;
	/** Connections so far. */
	connections: number;
	/** The open connections. */
	readonly sockets: ReadonlySet<WebSocket>;
	/** Methods called, in order. */
	readonly calls: string[];
	/** What it does with a request; by default, it answers as an honest node. */
	answer: (socket: WebSocket, call: Call) => void;
	/** What it does with a new connection; nothing by default. */
	greet: (socket: WebSocket) => void;
	/** Announces a block to all. */
	announceBlock(number: number): void;
	/** Announces a log to all. */
	announceLog(log: object): void;
	close(): Promise<void>;
}

interface Call {
	readonly id: number;
	readonly method: string;
	readonly params: readonly unknown[];
}

const HASH = `0x${"ab".repeat(32)}`;
const [BLOCKS, LOGS] = ["0xa", "0xb"];

/** Answers as an honest node of chain 31337. */
export function answerHonestly(socket: WebSocket, { id, method, params }: Call): void {
	const result = method === "eth_chainId" ? "0x7a69" : params[0] === "newHeads" ? BLOCKS : LOGS;
	socket.send(JSON.stringify({ jsonrpc: "2.0", id, result }));
}

/** Starts the server. */
export async function startAnnouncingNode(): Promise<AnnouncingNode> {
	const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
	await once(server, "listening");
	const node: AnnouncingNode = {
		url: `ws://127.0.0.1:${server.address().port}`,
		connections: 0,
		sockets: server.clients,
		calls: [],
		answer: answerHonestly,
		greet: () => {},
		announceBlock: (number) => announce(BLOCKS, { number: toQuantity(number), hash: HASH, parentHash: HASH }),
		announceLog: (log) => announce(LOGS, log),
		close() {
			for (const socket of server.clients) socket.terminate();
			return new Promise((resolve) => server.close(resolve));
		},
	};
	server.on("connection", (socket: WebSocket) => {
		node.connections += 1;
		socket.on("error", () => {});
		socket.on("message", (data: Buffer) => {
			const call = JSON.parse(data.toString()) as Call;
			node.calls.push(call.method);
			node.answer(socket, call);
		});
		node.greet(socket);
	});
	return node;

	function announce(subscription: string | undefined, result: object): void {
		const message = JSON.stringify({ jsonrpc: "2.0", method: "eth_subscription", params: { subscription, result } });
		for (const socket of server.clients) socket.send(message);
	}
}
