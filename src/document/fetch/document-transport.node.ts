/**
 * Requests documents with Node's http and https. Addresses are checked in the socket's own lookup, so that a second
 * lookup can't lead the connection to an unchecked address. Imported as `#document-transport`.
 * @module
 */
import type { LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";
import { DocumentError, formatValue } from "../../errors/errors.js";
import { createHostLookup, lookUpHost } from "../../network/host-lookup.node.js";
import type { HostResolver } from "../../network/host-resolver.node.js";
import { sendRequest } from "../../network/send-request.node.js";
import type { DocumentRequest, DocumentTransport } from "./document-response.js";
import { isSpecialAddress } from "./special-address.js";

/** For tests: a name resolver and a certificate authority. */
export interface DocumentTransportOptions {
	/** Like `dns.lookup`; always called with `all: true`. */
	readonly lookup?: LookupFunction | undefined;
	/** The certificates to trust, as PEM. */
	readonly ca?: string | undefined;
}

/** Asks for no compression: the hash on chain is of the bytes as sent. */
const HEADERS = { "accept-encoding": "identity" };

/**
 * Creates a transport that opens a new connection for every request: anyone can write a URL on chain, and on a shared
 * connection, a URL that a host's proxy and server read differently could change the responses to others.
 */
export function createDocumentTransport(options: DocumentTransportOptions = {}): DocumentTransport {
	const { lookup, ca } = options;
	const lookUp = lookup === undefined ? lookUpHost : createHostLookup(resolveWith(lookup));
	return function sendDocumentRequest({ url, allowPrivateAddresses, signal }: DocumentRequest) {
		return sendRequest(
			{ url, headers: HEADERS, signal },
			{
				agent: false,
				lookup: checkedLookup(lookUp, signal, allowPrivateAddresses),
				// Explicit, so that NODE_TLS_REJECT_UNAUTHORIZED can't turn it off.
				rejectUnauthorized: true,
				...(ca === undefined ? {} : { ca }),
			},
		);
	};
}

/** Refuses a host if any address is special, since Node chooses one. An empty result would crash `node:net`. */
function checkedLookup(lookUp: HostResolver, signal: AbortSignal, allowPrivateAddresses: boolean): LookupFunction {
	return (hostname, options, callback) => {
		const choose = (addresses: readonly LookupAddress[]): void => {
			const special = addresses.find(({ address }) => isSpecialAddress(address));
			const [first] = addresses;
			if (first === undefined) callback(Object.assign(new Error("no address"), { code: "ENODATA" }), []);
			else if (special && !allowPrivateAddresses) callback(refused(hostname, special.address), []);
			else if (options.all) callback(null, [...addresses]);
			else callback(null, first.address, first.family);
		};
		lookUp(hostname, signal).then(choose, (error) => callback(error, []));
	};
}

/** A function like `dns.lookup` can't be cancelled, but nothing has to wait for it. */
function resolveWith(lookup: LookupFunction): HostResolver {
	return (hostname, signal) =>
		new Promise((resolve, reject) => {
			signal.addEventListener("abort", () => reject(signal.reason), { once: true });
			lookup(hostname, { all: true }, (error, addresses) => {
				if (error) reject(error);
				else resolve(Array.isArray(addresses) ? addresses : []);
			});
		});
}

function refused(host: string, address: string): DocumentError {
	const message = `expected ${formatValue(host)} to have public addresses, got ${formatValue(address)}`;
	return new DocumentError("document/address-refused", message, { details: { host, address } });
}
