/**
 * Reads the response of a document's host: a document, a redirect, an absence, or something that says nothing about the
 * document, which is an outage.
 * @module
 */
import { DocumentError, formatValue } from "../../errors/errors.js";
import { assertOk, type HttpResponse, isAbsence, isRedirect, TransportError } from "../../network/http-message.js";
import { assertJsonContentType } from "./content-type.js";

export interface DocumentRequest {
	/** An http or https URL whose scheme, credentials and host have been checked. */
	readonly url: URL;
	/** Whether the host's name may resolve to special addresses. */
	readonly allowPrivateAddresses: boolean;
	/** Ends the request at any stage and frees its resources. */
	readonly signal: AbortSignal;
}

/** Sends one request and follows no redirects. Rejects with a `DocumentError` or the network's own error. */
export type DocumentTransport = (request: DocumentRequest) => Promise<HttpResponse>;

/** Nothing is decompressed, so a small response can't become a large document. */
const ACCEPTED_ENCODINGS = { "content-encoding": "identity", "transfer-encoding": "chunked" };

/** What an error page, a login page or a CDN's challenge is. */
const HTML = /^\s*(?:text\/html|application\/xhtml\+xml)\s*(?:;|$)/i;

/** The location that a response redirects to; undefined if it isn't a redirect. */
export function redirectLocation({ status, header }: HttpResponse, host: string): string | undefined {
	if (!isRedirect(status)) return undefined;
	const location = header("location");
	if (location !== undefined) return location;
	const message = `${formatValue(host)} redirects without a location`;
	throw new DocumentError("document/redirects", message, { details: { host, status } });
}

/** Reads the document of a response that isn't a redirect. Rejects with a `TransportError` if it says nothing. */
export async function readDocumentBody(
	response: HttpResponse,
	host: string,
	maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
	const { status, header, readBody } = response;
	if (isAbsence(status)) {
		const message = `expected ${formatValue(host)} to respond with status 200, got ${status}`;
		throw new DocumentError("document/status", message, { details: { host, status } });
	}
	assertOk(response);
	for (const [name, accepted] of Object.entries(ACCEPTED_ENCODINGS)) {
		const value = header(name);
		if (value === undefined || value.toLowerCase() === accepted) continue;
		throw new TransportError("coding", `the ${name} wasn't requested`);
	}
	const contentType = header("content-type");
	if (HTML.test(contentType ?? "")) throw new TransportError("json", "the host sent an HTML page");
	assertJsonContentType(contentType);
	return await readBody(maxBytes);
}
