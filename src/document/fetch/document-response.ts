/**
 * Reads the response of a document's host: a document, a redirect, an outage, or something unusable.
 * @module
 */
import { DocumentError, formatValue } from "../../errors/errors.js";
import { type HttpResponse, isRedirect } from "../../network/http-message.js";
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

/** The location that a response redirects to; undefined if it isn't a redirect. */
export function redirectLocation({ status, header }: HttpResponse, host: string): string | undefined {
	if (!isRedirect(status)) return undefined;
	const location = header("location");
	if (location !== undefined) return location;
	const message = `${formatValue(host)} redirects without a location`;
	throw new DocumentError("document/redirects", message, { details: { host, status } });
}

/** Reads the document of a response that isn't a redirect. */
export async function readDocumentBody(
	{ status, header, readBody }: HttpResponse,
	host: string,
	maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
	assertOk(status, host);
	for (const [name, accepted] of Object.entries(ACCEPTED_ENCODINGS)) {
		const value = header(name);
		if (value === undefined || value.trim().toLowerCase() === accepted) continue;
		const message = `expected a document without encoding, got ${name} ${formatValue(value)}`;
		throw new DocumentError("document/content-type", message);
	}
	assertJsonContentType(header("content-type"));
	return await readBody(maxBytes);
}

function assertOk(status: number, host: string): void {
	if (status === 200) return;
	const isOutage = status === 429 || (status >= 500 && status < 600);
	const code = isOutage ? "document/unreachable" : "document/status";
	const message = `expected ${formatValue(host)} to respond with status 200, got ${status}`;
	throw new DocumentError(code, message, { details: { host, status } });
}
