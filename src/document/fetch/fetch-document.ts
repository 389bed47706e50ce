/**
 * The options of fetching documents. What fetches them is loaded with the first document.
 * @module
 */
import * as v from "valibot";
import { createDocumentTransport } from "#document-transport";
import { assertOptions } from "../../options/assert-options.js";
import { optionsSchema, type Shape, wholeNumber } from "../../options/schemas.js";
import { positiveInteger, positiveSeconds } from "../../options/value-schemas.js";
import { loadOnDemand } from "../load-on-demand.js";
import type { DocumentTransport } from "./document-response.js";
import { isGateway } from "./http-url.js";
import type { FetchSettings } from "./retrieve-document.js";

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
	const settings: FetchSettings & { readonly timeoutMs: number } = {
		allowHttp: options.allowHttp ?? false,
		allowData: options.allowData ?? false,
		allowPrivateAddresses: options.allowPrivateAddresses ?? false,
		ipfsGateway: options.ipfsGateway,
		maxBytes: options.maxBytes ?? 2 ** 20,
		timeoutMs: documentTimeoutMs(options),
		maxRedirects: options.maxRedirects ?? 3,
	};
	return async function fetchDocument(uri, limitMs = settings.timeoutMs) {
		const { retrieveDocument } = await loadOnDemand();
		return retrieveDocument(uri, settings, transport, Math.min(limitMs, settings.timeoutMs));
	};
}

/** The time limit for a document. */
export function documentTimeoutMs({ timeoutSeconds = 5 }: DocumentFetchOptions): number {
	return Math.min(timeoutSeconds * 1_000, MAX_TIMER_MS);
}
