/**
 * Sends one request with Node's http and https; limits the bytes received and those that decompression produces.
 * Imported as `#send-request`. Node's modules are loaded by the first request: an import of node:http also loads Node's own
 * `fetch`, which takes longer than all of this package.
 * @module
 */
import type { ClientRequest, IncomingMessage } from "node:http";
import type { RequestOptions } from "node:https";
import { assertDeclaredLength, createByteCollector, tooLarge } from "./byte-collector.js";
import { type HttpRequest, type HttpResponse, reasonOf, TransportError } from "./http-message.js";

/**
 * Limits what arrives besides the body: headers, interim responses, chunk sizes. Each of them costs a callback, so a
 * host could keep the process busy with a few bytes at a time.
 */
const MAX_OVERHEAD_BYTES = 24_576;
const MAX_HEADER_BYTES = 16_384;
const HEADERS = { accept: "application/json", "accept-encoding": "gzip", "user-agent": "orgpass" };
const GZIP: ReadonlySet<string> = new Set(["gzip", "x-gzip"]);

/** The bytes of one exchange so far. */
interface Meter {
	received: number;
	body: number;
	/** Its buffer holds the part of the body that isn't counted yet. */
	incoming?: IncomingMessage;
	/** Why the connection was closed; the response itself only reports a reset. */
	failure?: TransportError;
}

/** Sends a request without following redirects. Connections are shared unless the options say otherwise. */
export function sendRequest(request: HttpRequest, options: RequestOptions = {}): Promise<HttpResponse> {
	const { url, headers, body, signal } = request;
	const { request: send } = process.getBuiltinModule(url.protocol === "https:" ? "node:https" : "node:http");
	return new Promise((resolve, reject) => {
		const outgoing = send(url, {
			...options,
			method: body === undefined ? "GET" : "POST",
			headers: { ...HEADERS, ...headers, ...(body && { "content-length": body.length }) },
			insecureHTTPParser: false,
			maxHeaderSize: MAX_HEADER_BYTES,
			signal,
		});
		const meter = limitOverhead(outgoing);
		outgoing.on("error", (error) => reject(reasonOf(signal, error)));
		// The only event if the host switches to another protocol.
		outgoing.on("close", () => meter.incoming || reject(reasonOf(signal, connectionClosed())));
		outgoing.on("response", (incoming) => {
			meter.incoming = incoming;
			resolve({
				status: incoming.statusCode ?? 0,
				header: (name) => incoming.headersDistinct[name]?.join(", "),
				readBody: (maxBytes) => readBody(incoming, meter, maxBytes, signal),
				close: () => outgoing.destroy(),
			});
		});
		outgoing.end(body);
	});
}

/** Checks after each chunk, when the parser has already passed on the part of it that is body. */
function limitOverhead(outgoing: ClientRequest): Meter {
	const meter: Meter = { received: 0, body: 0 };
	const check = (): void => {
		const body = meter.body + (meter.incoming?.readableLength ?? 0);
		if (meter.received - body <= MAX_OVERHEAD_BYTES || meter.failure !== undefined) return;
		const message = `the host sent more than ${MAX_OVERHEAD_BYTES} bytes that are no body`;
		meter.failure = new TransportError("overhead", message);
		outgoing.destroy(meter.failure);
	};
	outgoing.once("socket", (socket) => {
		const count = (chunk: Uint8Array): void => {
			meter.received += chunk.length;
			process.nextTick(check);
		};
		socket.prependListener("data", count);
		outgoing.once("close", () => socket.removeListener("data", count));
	});
	return meter;
}

async function readBody(
	incoming: IncomingMessage,
	meter: Meter,
	maxBytes: number,
	signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
	const coding = incoming.headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
	if (coding !== "identity" && !GZIP.has(coding)) throw new TransportError("coding", "the content-encoding is unknown");
	assertDeclaredLength(incoming.headers["content-length"], maxBytes);
	const bytes = await collect(incoming, meter, maxBytes, signal);
	return GZIP.has(coding) ? decompress(bytes, maxBytes) : bytes;
}

function collect(
	incoming: IncomingMessage,
	meter: Meter,
	maxBytes: number,
	signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
	const collector = createByteCollector(maxBytes);
	return new Promise((resolve, reject) => {
		// If too much overhead arrived with the head, no event follows.
		if (incoming.destroyed) reject(meter.failure ?? reasonOf(signal, connectionClosed()));
		incoming.on("error", (error) => reject(meter.failure ?? reasonOf(signal, error)));
		incoming.on("end", () => resolve(collector.take()));
		incoming.on("close", () => incoming.readableEnded || reject(reasonOf(signal, connectionClosed())));
		incoming.on("data", (chunk: Uint8Array) => {
			meter.body += chunk.length;
			try {
				collector.add(chunk);
			} catch (error) {
				// From now on, nothing counts as body any more.
				meter.failure = error as TransportError;
				incoming.destroy(meter.failure);
			}
		});
	});
}

function connectionClosed(): Error {
	return new Error("the connection was closed");
}

/** Decompresses in one call, off the event loop: a stream would switch threads for every chunk. */
async function decompress(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
	const { promisify } = process.getBuiltinModule("node:util");
	const { gunzip } = process.getBuiltinModule("node:zlib");
	try {
		return new Uint8Array(await promisify(gunzip)(bytes, { maxOutputLength: maxBytes }));
	} catch (cause) {
		const { code } = cause as NodeJS.ErrnoException;
		if (code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(maxBytes, cause);
		throw new TransportError("coding", "the gzip data is damaged", { cause });
	}
}
