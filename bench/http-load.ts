/**
 * Sends requests from a process of its own. Its parent sends the pools of tokens first, and then one message for each
 * load. It ends if a request isn't answered with 200.
 *
 * It does as little as possible, so that the server always has requests waiting (autocannon takes longer for a request
 * than some of the servers do), and it never sleeps meanwhile: waking a process takes the kernel several microseconds,
 * which would be charged to the server whose response wakes it, and only to servers that are slow enough for that.
 * @module
 */
import { once } from "node:events";
import { connect } from "node:net";
import { ANSWER, PATH } from "./suite/http-route.ts";

/** Tokens by the names of their pools. */
export type Pools = Readonly<Record<string, readonly string[]>>;

export interface Load {
	readonly port: number;
	readonly pool: string;
	/** How many requests; each takes the next token of the pool. */
	readonly count: number;
}

const CONNECTIONS = 20;
const END = JSON.stringify(ANSWER);
const HOST = "127.0.0.1";
let requests: Readonly<Record<string, readonly Buffer[]>> = {};

process.on("message", async (message: { readonly pools: Pools } | Load) => {
	if ("pools" in message) {
		const pools = Object.entries(message.pools);
		requests = Object.fromEntries(pools.map(([name, tokens]) => [name, tokens.map(toRequest)]));
	} else await send(message);
	process.send?.("done");
});

function toRequest(token: string): Buffer {
	const headers = [`Host: ${HOST}`, "Connection: keep-alive", `Authorization: Bearer ${token}`];
	return Buffer.from([`GET ${PATH} HTTP/1.1`, ...headers, "", ""].join("\r\n"));
}

async function send({ port, pool, count }: Load): Promise<void> {
	const left = (function* () {
		const sent = requests[pool] ?? [];
		for (let index = 0; index < count; index++) yield sent[index % sent.length] as Buffer;
	})();
	const connections = Array.from({ length: Math.min(CONNECTIONS, count) }, () => sendAll(port, left));
	const stayAwake = keepAwake();
	await Promise.all(connections);
	stayAwake.end();
}

/** Polls for responses instead of waiting for them. */
function keepAwake(): { readonly end: () => void } {
	let polling = setImmediate(poll);
	function poll(): void {
		polling = setImmediate(poll);
	}
	return { end: () => clearImmediate(polling) };
}

/** Sends a request whenever the one before has been answered. */
async function sendAll(port: number, left: Iterator<Buffer, void>): Promise<void> {
	const socket = connect({ port, host: HOST, noDelay: true });
	let response = "";
	socket.setEncoding("latin1").on("connect", sendNext);
	socket.on("data", (text) => {
		response += text;
		if (!response.startsWith("HTTP/1.1 200 ")) throw new Error(`a request was refused: ${response}`);
		if (response.endsWith(END)) sendNext();
	});
	await once(socket, "close");

	function sendNext(): void {
		response = "";
		const { value, done } = left.next();
		if (done) socket.end();
		else socket.write(value as Buffer);
	}
}
