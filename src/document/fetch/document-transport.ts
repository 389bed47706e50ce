/**
 * One request over `fetch`, for runtimes without Node's built-ins. Names are not looked up here, so their
 * addresses can't be checked: a browser's own rules stand in. Reached as `#document-transport`.
 * @module
 */
import type { DocumentTransport } from "./document-response.js";

/** The platform unpacks the body and frames it, so these say nothing about the bytes that arrive. */
const HIDDEN = new Set(["content-encoding", "transfer-encoding"]);

/**
 * Makes a transport that follows no redirect (a browser doesn't show where one leads) and sends neither
 * cookies nor a referrer.
 */
export function createDocumentTransport(): DocumentTransport {
	return async function sendRequest({ url, signal }) {
		const closing = new AbortController();
		const response = await fetch(url, {
			cache: "no-store",
			credentials: "omit",
			headers: { accept: "application/json" },
			redirect: "error",
			referrerPolicy: "no-referrer",
			signal: AbortSignal.any([signal, closing.signal]),
		});
		return {
			status: response.status,
			header: (name) => (HIDDEN.has(name) ? undefined : (response.headers.get(name) ?? undefined)),
			body: readChunks(response.body),
			close: () => closing.abort(),
		};
	};
}

/** Streams can't be iterated in every browser. */
async function* readChunks(stream: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
	const reader = stream?.getReader();
	while (reader) {
		const { done, value } = await reader.read();
		if (done) return;
		yield value;
	}
}
