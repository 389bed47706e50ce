/**
 * An HTTP client that sends the bytes it is given: header lines as written, however often and in whatever case.
 * @module
 */
import { once } from "node:events";
import { connect } from "node:net";

export interface RawRequest {
	readonly method: string;
	readonly target: string;
	/** Header lines as sent. */
	readonly lines: readonly string[];
	readonly body?: string | undefined;
	readonly version?: string | undefined;
}

export interface RawResponse {
	readonly status: number;
	readonly headers: Headers;
	readonly body: string;
}

/** A connection that sends text as it is, for more than one request. */
export interface RawConnection {
	send(text: string): void;
	/** Resolves once everything received so far satisfies the condition. */
	waitFor(condition: (received: string) => boolean): Promise<void>;
	/** Resolves with everything received, once the server has closed the connection. */
	toEnd(): Promise<string>;
	/** Closes the connection at once, as a client that crashes. */
	abort(): void;
}

/** Opens a connection. */
export function openRaw(port: number): RawConnection {
	const socket = connect(port, "127.0.0.1");
	const closed = once(socket, "close");
	let received = "";
	socket.setEncoding("latin1").on("data", (text: string) => {
		received += text;
	});
	return {
		send: (text) => void socket.write(text, "latin1"),
		abort: () => void socket.destroy(),
		async waitFor(condition) {
			while (!condition(received)) await once(socket, "data");
		},
		async toEnd() {
			await closed;
			return received;
		},
	};
}

/** Sends a request on a connection of its own, and reads the response to its end. */
export async function sendRaw(port: number, request: RawRequest): Promise<RawResponse> {
	const { method, target, lines, body = "", version = "1.1" } = request;
	const length = body === "" ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
	const head = [`${method} ${target} HTTP/${version}`, "Host: localhost", "Connection: close", ...length, ...lines];
	const socket = connect(port, "127.0.0.1");
	let received = "";
	socket.setEncoding("latin1").on("data", (text: string) => {
		received += text;
	});
	socket.write(Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`, "latin1"));
	await once(socket, "close");
	return parseResponse(received);
}

function parseResponse(text: string): RawResponse {
	const end = text.indexOf("\r\n\r\n");
	const [statusLine = "", ...lines] = text.slice(0, end).split("\r\n");
	const headers = new Headers(lines.map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]));
	const body = text.slice(end + 4);
	const isChunked = headers.get("transfer-encoding") === "chunked";
	return { status: Number(statusLine.split(" ")[1]), headers, body: isChunked ? joinChunks(body) : body };
}

function joinChunks(text: string): string {
	let joined = "";
	for (let at = 0; ; ) {
		const line = text.indexOf("\r\n", at);
		const size = Number.parseInt(text.slice(at, line), 16);
		if (!(size > 0)) return joined;
		joined += text.slice(line + 2, line + 2 + size);
		at = line + 2 + size + 2;
	}
}
