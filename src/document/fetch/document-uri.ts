/**
 * Parses document URIs, which anyone can write on chain. Anything that isn't clearly an address that may be fetched is
 * refused before a request is sent.
 * @module
 */
import { CID } from "multiformats/cid";
import { DocumentError, formatValue } from "../../errors/errors.js";
import { parseDataUri } from "./data-uri.js";
import { HTTP_URL, hasBadPort } from "./http-url.js";
import { isSpecialHost } from "./special-address.js";

/** Which URIs are accepted. */
export interface DocumentUriRules {
	readonly allowHttp: boolean;
	readonly allowData: boolean;
	readonly allowPrivateAddresses: boolean;
	/** Base URL of the gateway for `ipfs:` URIs and CIDs. */
	readonly ipfsGateway: string | undefined;
	readonly maxBytes: number;
}

/** Where a document is: in the URI itself, or at a URL. */
export type DocumentLocation =
	| { readonly bytes: Uint8Array<ArrayBuffer> }
	| {
			readonly url: URL;
			/** URLs with this prefix are on the operator's own gateway; their address isn't checked. */
			readonly trustedPrefix?: string;
	  };

const MAX_URI_CHARACTERS = 8_192;
const MAX_CID_CHARACTERS = 128;
/** Characters that aren't printable, or that a URL parser would strip, trim or turn into a slash. */
const UNPRINTABLE = /[\p{C}\p{Z}\\]/u;
const SCHEME = /^([a-z][a-z0-9+.-]*):/i;

/** Parses a URI from the chain: `https:`, and if allowed `http:`, `data:`, IPFS (`ipfs://CID/path` or a bare CID). */
export function parseDocumentUri(uri: string, rules: DocumentUriRules): DocumentLocation {
	const scheme = SCHEME.exec(uri)?.[1]?.toLowerCase();
	if (scheme === "data" && rules.allowData) {
		if (/[^!-~]/.test(uri)) throw refused("expected a data: URI of printable ASCII");
		return { bytes: parseDataUri(uri, rules.maxBytes) };
	}
	if (uri.length > MAX_URI_CHARACTERS) {
		throw refused(`expected a URI of at most ${MAX_URI_CHARACTERS} characters, got ${uri.length}`);
	}
	if (UNPRINTABLE.test(uri)) throw refused("expected a URI without spaces, control characters or backslashes");
	if (scheme === "ipfs") return toGateway(uri.slice("ipfs:".length).replace(/^\/\//, ""), rules);
	if (scheme === undefined) return toGateway(uri, rules);
	if (scheme === "http" || scheme === "https") {
		const url = HTTP_URL.test(uri) ? URL.parse(uri) : null;
		if (url === null) throw refused("expected an absolute URL");
		assertAllowedUrl(url, rules);
		return { url };
	}
	throw refused(`expected a URI of https:, got ${formatValue(`${scheme}:`)}`);
}

/** Parses the `Location` of a redirect. */
export function parseRedirect(location: string, from: URL, rules: DocumentUriRules, prefix?: string): URL {
	if (location.length > MAX_URI_CHARACTERS || !/^[!-[\]-~]+$/.test(location)) {
		throw refused("expected a location of printable ASCII without spaces or backslashes");
	}
	const url = URL.parse(location, from);
	if (url === null) throw refused("expected a location that is a URL");
	if (from.protocol === "https:" && url.protocol === "http:") throw refused("expected a redirect from https to https");
	if (!isTrusted(url, prefix)) assertAllowedUrl(url, rules);
	return url;
}

/** Checks whether a URL is on the operator's own gateway. */
export function isTrusted(url: URL, prefix: string | undefined): boolean {
	return prefix !== undefined && url.href.startsWith(prefix);
}

function assertAllowedUrl(url: URL, rules: DocumentUriRules): void {
	if (url.protocol !== "https:" && !(url.protocol === "http:" && rules.allowHttp)) {
		throw refused(`expected a URL of https:, got ${formatValue(url.protocol)}`);
	}
	if (url.username !== "" || url.password !== "") throw refused("expected a URL without credentials");
	if (hasBadPort(url)) throw refused(`expected a port for HTTP, got ${url.port}`);
	if (!rules.allowPrivateAddresses && isSpecialHost(url.hostname)) {
		const message = `expected a public host, got ${formatValue(url.hostname)}`;
		throw new DocumentError("document/address-refused", message, { details: { host: url.hostname } });
	}
}

function toGateway(path: string, { ipfsGateway }: DocumentUriRules): DocumentLocation {
	const [name = "", ...segments] = path.split("/");
	const cid = parseCid(name);
	if (cid === undefined) throw refused("expected a URI of https:, got neither a URL nor an IPFS CID");
	if (ipfsGateway === undefined) throw refused("expected a URI of https:, got IPFS without an ipfsGateway");
	const prefix = new URL(`${ipfsGateway.replace(/\/+$/, "")}/ipfs/`).href;
	const url = new URL([`${prefix}${cid}`, ...segments.map(toSegment)].join("/"));
	return { url, trustedPrefix: prefix };
}

/** The canonical text of a CID (v0 base58, v1 base32). */
function parseCid(text: string): string | undefined {
	if (text.length > MAX_CID_CHARACTERS) return undefined;
	try {
		return CID.parse(text).toString();
	} catch {
		return undefined;
	}
}

/** Re-encodes a path segment. A dot segment would escape `/ipfs/` and reach other pages of the gateway. */
function toSegment(text: string): string {
	let name: string;
	try {
		name = decodeURIComponent(text);
	} catch {
		throw refused("expected percent-encoded UTF-8 in an IPFS path");
	}
	if (/^\.\.?$|[/\\?#]|\p{C}/u.test(name) || /[?#]/.test(text)) {
		throw refused("expected an IPFS path without dot segments, query or fragment");
	}
	return encodeURIComponent(name);
}

function refused(message: string): DocumentError {
	return new DocumentError("document/uri-refused", message);
}
