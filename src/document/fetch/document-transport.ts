/**
 * One request over `fetch`, for runtimes without Node's built-ins. Names aren't looked up here and their addresses
 * can't be checked; the browser's own rules apply instead. Reached as `#document-transport`.
 * @module
 */
import { chunksOf } from "../../encoding/byte-stream.js";
import type { DocumentTransport } from "./document-response.js";

/** The platform decodes the body, so these headers don't describe the bytes that arrive. */
const HIDDEN = new Set(["content-encoding", "transfer-encoding"]);

/** Creates a transport without cookies or referrer. It refuses redirects: a browser doesn't reveal their location. */
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
			body: chunksOf(response.body),
			close: () => closing.abort(),
		};
	};
}
