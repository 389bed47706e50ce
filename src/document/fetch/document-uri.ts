/**
 * The address of an organization's document as a stranger wrote it on chain, read strictly: what is not
 * plainly an address this server may fetch is refused before anything goes out.
 * @module
 */
import { CID } from "multiformats/cid";
import { DocumentError } from "../../errors/errors.js";
import { formatValue } from "../../errors/format-value.js";
import { parseDataUri } from "./data-uri.js";
import { isSpecialHost } from "./special-address.js";

/** What a document's address may be. */
export interface DocumentUriRules {
	readonly allowHttp: boolean;
	readonly allowData: boolean;
	readonly allowPrivateAddresses: boolean;
	/** Base URL of the gateway that `ipfs:` URIs and CIDs are read through. */
	readonly ipfsGateway: string | undefined;
	readonly maxBytes: number;
}

/** Where a document is: in its own address, or at a URL. */
export type DocumentLocation =
	| { readonly bytes: Uint8Array<ArrayBuffer> }
	| {
			readonly url: URL;
			/** URLs that begin with it are the operator's gateway, whose address is not questioned. */
			readonly trustedPrefix?: string;
	  };

const MAX_URI_CHARACTERS = 8_192;
const MAX_CID_CHARACTERS = 128;
/** Printable, and nothing a URL parser would strip, trim or turn into a slash. */
const UNPRINTABLE = /[\p{C}\p{Z}\\]/u;
const SCHEME = /^([a-z][a-z0-9+.-]*):/i;
const HTTP_URL = /^https?:\/\/[^/?#]/i;

/**
 * Reads a document URI as it stands on chain: `https:`; `http:`, `data:` and IPFS (`ipfs://CID/path` or a
 * bare CID) where the rules allow them.
 */
export function parseDocumentUri(uri: string, rules: DocumentUriRules): DocumentLocation {
	const scheme = SCHEME.exec(uri)?.[1]?.toLowerCase();
	if (scheme === "data" && rules.allowData) {
		if (/[^!-~]/.test(uri)) throw refused("expected a data: URI of printable ASCII");
		return { bytes: parseDataUri(uri, rules.maxBytes) };
	}
	if (uri.length > MAX_URI_CHARACTERS) {
		throw refused(`expected a URI of at most ${MAX_URI_CHARACTERS} characters, got ${uri.length}`);
	}
	if (UNPRINTABLE.test(uri)) throw refused("expected a URI without spaces, controls and backslashes");
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

/** Reads the `Location` of a redirect. */
export function parseRedirect(
	location: string,
	from: URL,
	rules: DocumentUriRules,
	trustedPrefix?: string,
): URL {
	if (location.length > MAX_URI_CHARACTERS || !/^[!-[\]-~]+$/.test(location)) {
		throw refused("expected a location of printable ASCII without spaces and backslashes");
	}
	const url = URL.parse(location, from);
	if (url === null) throw refused("expected a location that is a URL");
	if (!isTrusted(url, trustedPrefix)) assertAllowedUrl(url, rules);
	return url;
}

/** Tells whether a URL is the operator's own gateway. */
export function isTrusted(url: URL, prefix: string | undefined): boolean {
	return prefix !== undefined && url.href.startsWith(prefix);
}

/** Tells whether a text can be `ipfsGateway`. */
export function isGateway(text: string): boolean {
	const url = HTTP_URL.test(text) ? URL.parse(text) : null;
	return url !== null && url.username === "" && url.password === "" && !/[?#\\\s]/.test(text);
}

function assertAllowedUrl(url: URL, rules: DocumentUriRules): void {
	if (url.protocol !== "https:" && !(url.protocol === "http:" && rules.allowHttp)) {
		throw refused(`expected a URL of https:, got ${formatValue(url.protocol)}`);
	}
	if (url.username !== "" || url.password !== "") throw refused("expected a URL without credentials");
	if (!rules.allowPrivateAddresses && isSpecialHost(url.hostname)) {
		throw new DocumentError(
			"document/address-refused",
			`expected a host of the open internet, got ${formatValue(url.hostname)}`,
			{ details: { host: url.hostname } },
		);
	}
}

function toGateway(path: string, { ipfsGateway }: DocumentUriRules): DocumentLocation {
	const [name = "", ...segments] = path.split("/");
	const cid = parseCid(name);
	if (cid === undefined) throw refused("expected a URI of https:, got neither a URL nor an IPFS CID");
	if (ipfsGateway === undefined) throw refused("expected a URI of https:, got IPFS without an ipfsGateway");
	const prefix = new URL(`${ipfsGateway.replace(/\/+$/, "")}/ipfs/`).href;
	return {
		url: new URL([`${prefix}${cid}`, ...segments.map(toSegment)].join("/")),
		trustedPrefix: prefix,
	};
}

/** Canonical text of a CID (v0 base58, v1 base32), if it is one. */
function parseCid(text: string): string | undefined {
	if (text.length > MAX_CID_CHARACTERS) return undefined;
	try {
		return CID.parse(text).toString();
	} catch {
		return undefined;
	}
}

/** One name of a path, encoded anew: a dot segment would leave `/ipfs/` and reach the gateway's other pages. */
function toSegment(text: string): string {
	let name: string;
	try {
		name = decodeURIComponent(text);
	} catch {
		throw refused("expected percent-encoded UTF-8 in an IPFS path");
	}
	if (/^\.\.?$|[/\\?#]|\p{C}/u.test(name) || /[?#]/.test(text)) {
		throw refused("expected an IPFS path without dot segments, queries and fragments");
	}
	return encodeURIComponent(name);
}

function refused(message: string): DocumentError {
	return new DocumentError("document/uri-refused", message);
}
