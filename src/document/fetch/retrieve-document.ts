/**
 * Fetches documents from addresses that anyone can write on chain, without letting them choose what this server
 * connects to, how long it waits or how much it stores.
 * @module
 */
import { DocumentError, formatValue, isOrgpassError } from "../../errors/errors.js";
import { describeFailure, type RequestFailure } from "../../network/describe-failure.js";
import type { HttpResponse } from "../../network/http-message.js";
import { limitTime } from "../../network/limit-time.js";
import type { DocumentTransport } from "./document-response.js";
import { readDocumentBody, redirectLocation } from "./document-response.js";
import type { DocumentUriRules } from "./document-uri.js";
import { isTrusted, parseDocumentUri, parseRedirect } from "./document-uri.js";

/** What may be fetched. */
export type FetchSettings = DocumentUriRules & { readonly maxRedirects: number };

/** Fetches the document at a URI within a time limit; rejects with a `DocumentError`. */
export async function retrieveDocument(
	uri: string,
	settings: FetchSettings,
	transport: DocumentTransport,
	milliseconds: number,
): Promise<Uint8Array<ArrayBuffer>> {
	const location = parseDocumentUri(uri, settings);
	if ("bytes" in location) return location.bytes;
	const { url, trustedPrefix } = location;
	const controller = new AbortController();
	try {
		const following = follow(url, trustedPrefix, settings, transport, controller.signal);
		return await limitTime(following, milliseconds, () =>
			unreachable(url.host, {
				reason: `did not respond completely within ${Math.round(milliseconds)} ms`,
				details: {},
			}),
		);
	} catch (error) {
		controller.abort();
		throw error;
	}
}

async function follow(
	start: URL,
	trustedPrefix: string | undefined,
	settings: FetchSettings,
	transport: DocumentTransport,
	signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
	const { maxRedirects } = settings;
	let url = start;
	let prefix = trustedPrefix;
	for (let hop = 0; ; hop++) {
		const allowPrivateAddresses = settings.allowPrivateAddresses || isTrusted(url, prefix);
		let response: HttpResponse | undefined;
		try {
			response = await transport({ url, allowPrivateAddresses, signal });
			const location = redirectLocation(response, url.host);
			if (location === undefined) return await readDocumentBody(response, url.host, settings.maxBytes);
			if (hop === maxRedirects) {
				const message = `expected at most ${maxRedirects} redirects, got more`;
				throw new DocumentError("document/redirects", message, { details: { maxRedirects } });
			}
			url = parseRedirect(location, url, settings, prefix);
			// A redirect back to the gateway is treated like any other host.
			if (!isTrusted(url, prefix)) prefix = undefined;
		} catch (error) {
			throw toDocumentError(error, url, hop + (response ? 1 : 0), settings.maxBytes);
		} finally {
			response?.close();
		}
	}
}

/** An address refused after a redirect becomes a `document/redirects` error; unknown errors become outages. */
function toDocumentError(error: unknown, { host }: URL, hop: number, maxBytes: number): unknown {
	if (isOrgpassError(error)) {
		const isAddress = error.code === "document/uri-refused" || error.code === "document/address-refused";
		if (!isAddress || hop === 0) return error;
		const details = { ...error.details, reason: error.code };
		const message = `redirect refused: ${error.message}`;
		return new DocumentError("document/redirects", message, { details, cause: error });
	}
	const { code, message } = error as { code?: unknown; message?: unknown };
	if (code === "too-large") {
		const text = `the document of ${formatValue(host)}: ${message}`;
		return new DocumentError("document/too-large", text, { details: { host, maxBytes }, cause: error });
	}
	return unreachable(host, describeFailure(error), error);
}

function unreachable(host: string, { reason, details }: RequestFailure, cause?: unknown): DocumentError {
	const message = `the document's host ${formatValue(host)} ${reason}`;
	return new DocumentError("document/unreachable", message, { details: { host, ...details }, cause });
}
