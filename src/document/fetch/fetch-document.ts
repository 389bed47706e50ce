/**
 * Fetches the documents that strangers name on chain, without letting them choose what this server talks to,
 * how long it waits or how much it stores.
 * @module
 */

import pTimeout from "p-timeout";
import * as z from "zod/mini";
import { createDocumentTransport } from "#document-transport";
import { DocumentError, isOrgpassError } from "../../errors/errors.js";
import { formatValue } from "../../errors/format-value.js";
import { checkOptions } from "../../options/check-options.js";
import { positiveInteger, positiveSeconds } from "../../options/schemas.js";
import {
	type DocumentResponse,
	type DocumentTransport,
	readDocumentBody,
	redirectLocation,
} from "./document-response.js";
import {
	type DocumentUriRules,
	isGateway,
	isTrusted,
	parseDocumentUri,
	parseRedirect,
} from "./document-uri.js";

/** What may be fetched, and at what cost. */
export interface DocumentFetchOptions {
	/** Fetch `http:` URLs as well; false by default. */
	readonly allowHttp?: boolean | undefined;
	/** Read `data:` URIs as well; false by default. */
	readonly allowData?: boolean | undefined;
	/** Fetch from private, loopback and other special addresses and names as well; false by default. */
	readonly allowPrivateAddresses?: boolean | undefined;
	/** Base URL of the gateway for `ipfs:` URIs and CIDs, such as `https://ipfs.io`; its address is trusted. */
	readonly ipfsGateway?: string | undefined;
	/** Longest document in bytes; 1,048,576 by default. */
	readonly maxBytes?: number | undefined;
	/** Time limit of one document in all: its addresses, look-ups, redirects and body; 5 by default. */
	readonly timeoutSeconds?: number | undefined;
	/** Redirects followed, each checked anew; 3 by default. */
	readonly maxRedirects?: number | undefined;
}

/**
 * Fetches the document at a URI as it stands on chain; fails with a `DocumentError`. A time limit in milliseconds
 * takes the place of the usual one where it is shorter.
 */
export type DocumentFetcher = (uri: string, milliseconds?: number) => Promise<Uint8Array<ArrayBuffer>>;

type Settings = DocumentUriRules & { readonly timeoutMs: number; readonly maxRedirects: number };

const MAX_TIMER_MS = 2 ** 31 - 1;
const FLAG = z.optional(z.boolean("true or false"));
const GATEWAY = "an http or https URL without credentials, query and fragment";
const REDIRECT_COUNT = "a whole number, zero or more";

/** The shape of {@link DocumentFetchOptions}; unknown names are refused. */
export const documentFetchOptions: z.ZodMiniObject = z.strictObject(
	{
		allowHttp: FLAG,
		allowData: FLAG,
		allowPrivateAddresses: FLAG,
		ipfsGateway: z.optional(z.string(GATEWAY).check(z.refine(isGateway, GATEWAY))),
		maxBytes: z.optional(positiveInteger),
		timeoutSeconds: z.optional(positiveSeconds),
		maxRedirects: z.optional(z.int(REDIRECT_COUNT).check(z.nonnegative(REDIRECT_COUNT))),
	},
	"an object",
);

/**
 * Makes a fetcher of documents. Only GET requests without cookies and authorization go out, to addresses
 * that were checked; for a refused URI nothing does.
 */
export function createDocumentFetcher(
	options: DocumentFetchOptions = {},
	transport: DocumentTransport = createDocumentTransport(),
): DocumentFetcher {
	checkOptions(documentFetchOptions, options, "createDocumentFetcher");
	const settings: Settings = {
		allowHttp: options.allowHttp ?? false,
		allowData: options.allowData ?? false,
		allowPrivateAddresses: options.allowPrivateAddresses ?? false,
		ipfsGateway: options.ipfsGateway,
		maxBytes: options.maxBytes ?? 2 ** 20,
		timeoutMs: documentTimeoutMs(options),
		maxRedirects: options.maxRedirects ?? 3,
	};
	return async function fetchDocument(uri, limit = settings.timeoutMs) {
		const milliseconds = Math.min(limit, settings.timeoutMs);
		const location = parseDocumentUri(uri, settings);
		if ("bytes" in location) return location.bytes;
		const { url, trustedPrefix } = location;
		const ending = new AbortController();
		try {
			return await pTimeout(follow(url, trustedPrefix, settings, transport, ending.signal), {
				milliseconds,
				message: unreachable(url.host, `no whole answer within ${Math.round(milliseconds)} ms`),
			});
		} finally {
			ending.abort();
		}
	};
}

/** Gives the time limit of a document. */
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
	let url = start;
	let prefix = trustedPrefix;
	for (let hop = 0; ; hop++) {
		const allowPrivateAddresses = settings.allowPrivateAddresses || isTrusted(url, prefix);
		let answer: DocumentResponse | undefined;
		try {
			answer = await transport({ url, allowPrivateAddresses, signal });
			const location = redirectLocation(answer, url.host);
			if (location === undefined) return await readDocumentBody(answer, url.host, settings.maxBytes);
			if (hop === settings.maxRedirects) throw tooManyRedirects(settings.maxRedirects);
			url = parseRedirect(location, url, settings, prefix);
			// Who once left the gateway comes back to it as a stranger.
			if (!isTrusted(url, prefix)) prefix = undefined;
		} catch (error) {
			throw toDocumentError(error, url, hop + (answer ? 1 : 0));
		} finally {
			answer?.close();
		}
	}
}

/** Ours as they are, but a place refused after a redirect is the redirect's fault; all else is an outage. */
function toDocumentError(error: unknown, { host }: URL, hop: number): unknown {
	if (isOrgpassError(error)) {
		const isPlace = error.code === "document/uri-refused" || error.code === "document/address-refused";
		if (!isPlace || hop === 0) return error;
		return new DocumentError("document/redirects", `redirect refused: ${error.message}`, {
			details: { ...error.details, reason: error.code },
			cause: error,
		});
	}
	const { code } = error as { code?: unknown };
	if (code === "HPE_HEADER_OVERFLOW") {
		return new DocumentError("document/too-large", `the headers of ${formatValue(host)} are too large`, {
			details: { host },
			cause: error,
		});
	}
	return unreachable(host, typeof code === "string" ? code : "the request failed", error);
}

function tooManyRedirects(maxRedirects: number): DocumentError {
	return new DocumentError("document/redirects", `expected at most ${maxRedirects} redirects, more came`, {
		details: { maxRedirects },
	});
}

function unreachable(host: string, reason: string, cause?: unknown): DocumentError {
	return new DocumentError(
		"document/unreachable",
		`expected a document from ${formatValue(host)}: ${reason}`,
		{
			details: { host },
			cause,
		},
	);
}
