/**
 * Requests documents with `fetch`, for runtimes without Node's built-ins. Names can't be looked up, so addresses aren't
 * checked; the browser's own rules apply instead. Imported as `#document-transport`.
 * @module
 */
import { isRedirect, TransportError } from "../../network/http-message.js";
import { sendRequest } from "../../network/send-request.js";
import type { DocumentTransport } from "./document-response.js";

const HEADERS = { accept: "application/json" };

/** Creates a transport that refuses redirects: browsers don't reveal where they lead. */
export function createDocumentTransport(): DocumentTransport {
	return async function sendDocumentRequest({ url, signal }) {
		const response = await sendRequest({ url, headers: HEADERS, signal });
		if (!isRedirect(response.status)) return response;
		response.close();
		throw new TransportError("redirect", "redirects aren't followed in this runtime", { status: response.status });
	};
}
