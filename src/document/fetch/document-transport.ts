/**
 * Requests for documents over `fetch`, for runtimes without Node's built-ins. Names aren't looked up here and their
 * addresses can't be checked; the browser's own rules apply instead. Reached as `#document-transport`.
 * @module
 */
import { isRedirect, TransportError } from "../../network/http-message.js";
import { sendRequest } from "../../network/send-request.js";
import type { DocumentTransport } from "./document-response.js";

const HEADERS = { accept: "application/json" };

/** Creates a transport that refuses redirects: a browser doesn't reveal their location. */
export function createDocumentTransport(): DocumentTransport {
	return async function sendDocumentRequest({ url, signal }) {
		const response = await sendRequest({ url, headers: HEADERS, signal });
		if (!isRedirect(response.status)) return response;
		response.close();
		throw new TransportError("redirect", "redirects aren't followed in this runtime", { status: response.status });
	};
}
