/**
 * Fetches documents from addresses that anyone can write on chain, without letting them choose what this server
 * connects to, how long it waits or how much it stores.
 * @module
 */
import pTimeout from "p-timeout";
import * as v from "valibot";
import { createDocumentTransport } from "#document-transport";
import { DocumentError, formatValue, isOrgpassError } from "../../errors/errors.js";
import { describeFailure, type RequestFailure } from "../../network/describe-failure.js";
import type { HttpResponse } from "../../network/http-message.js";
import { assertOptions } from "../../options/assert-options.js";
import { optionsSchema, positiveInteger, positiveSeconds, type Shape, wholeNumber } from "../../options/schemas.js";
import type { DocumentTransport } from "./document-response.js";
import { readDocumentBody, redirectLocation } from "./document-response.js";
import type { DocumentUriRules } from "./document-uri.js";
import { isGateway, isTrusted, parseDocumentUri, parseRedirect } from "./document-uri.js";

/** What may be fetched, and the limits. */
export interface DocumentFetchOptions {
	/** Also fetch `http:` URLs; false by default. */
	readonly allowHttp?: boolean | undefined;
	/** Also read `data:` URIs; false by default. */
	readonly allowData?: boolean | undefined;
	/** Also fetch from private, loopback and other special addresses and names; false by default. */
	readonly allowPrivateAddresses?: boolean | undefined;
	/** Base URL of the gateway for `ipfs:` URIs and CIDs, such as `https://ipfs.io`; its address isn't checked. */
	readonly ipfsGateway?: string | undefined;
	/** Maximum size of a document in bytes; 1,048,576 by default. */
	readonly maxBytes?: number | undefined;
	/** Time limit for a document, including all addresses, lookups, redirects and bodies, in seconds. Default: 5. */
	readonly timeoutSeconds?: number | undefined;
	/** Maximum number of redirects, each of which is checked; 3 by default. */
	readonly maxRedirects?: number | undefined;
}

/** Fetches the document at a URI from the chain; rejects with a `DocumentError`. The shorter time limit applies. */
export type DocumentFetcher = (uri: string, limitMs?: number) => Promise<Uint8Array<ArrayBuffer>>;

type Settings = DocumentUriRules & { readonly timeoutMs: number; readonly maxRedirects: number };

const MAX_TIMER_MS = 2 ** 31 - 1;
const FLAG = v.optional(v.boolean("true or false"));
const GATEWAY = "an http or https URL without credentials, query or fragment";
const REDIRECT_COUNT = "a whole number, zero or more";

/** The shape of {@link DocumentFetchOptions}, to spread into a resolver's own. */
export const documentFetchShape: Shape<DocumentFetchOptions> = {
	allowHttp: FLAG,
	allowData: FLAG,
	allowPrivateAddresses: FLAG,
	ipfsGateway: v.optional(v.pipe(v.string(GATEWAY), v.check(isGateway, GATEWAY))),
	maxBytes: v.optional(positiveInteger),
	timeoutSeconds: v.optional(positiveSeconds),
	maxRedirects: v.optional(v.pipe(wholeNumber(REDIRECT_COUNT), v.minValue(0, REDIRECT_COUNT))),
};

const schema = optionsSchema<DocumentFetchOptions>(documentFetchShape);

/** Creates a fetcher. It sends only GET requests, without cookies or authorization, to addresses it has checked. */
export function createDocumentFetcher(
	options: DocumentFetchOptions = {},
	transport: DocumentTransport = createDocumentTransport(),
): DocumentFetcher {
	assertOptions(schema, options, "createDocumentFetcher");
	const settings: Settings = {
		allowHttp: options.allowHttp ?? false,
		allowData: options.allowData ?? false,
		allowPrivateAddresses: options.allowPrivateAddresses ?? false,
		ipfsGateway: options.ipfsGateway,
		maxBytes: options.maxBytes ?? 2 ** 20,
		timeoutMs: documentTimeoutMs(options),
		maxRedirects: options.maxRedirects ?? 3,
	};
	return async function fetchDocument(uri, limitMs = settings.timeoutMs) {
		const milliseconds = Math.min(limitMs, settings.timeoutMs);
		const location = parseDocumentUri(uri, settings);
		if ("bytes" in location) return location.bytes;
		const { url, trustedPrefix } = location;
		const controller = new AbortController();
		try {
			return await pTimeout(follow(url, trustedPrefix, settings, transport, controller.signal), {
				milliseconds,
				message: unreachable(url.host, {
					reason: `did not respond completely within ${Math.round(milliseconds)} ms`,
					details: {},
				}),
			});
		} finally {
			controller.abort();
		}
	};
}

/** The time limit for a document. */
export function documentTimeoutMs({ timeoutSeconds = 5 }: DocumentFetchOptions): number {
	return Math.min(timeoutSeconds * 1_000, MAX_TIMER_MS);
}

async function follow(
	start: URL,
	trustedPrefix: string | undefined,
	settings: Settings,
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
