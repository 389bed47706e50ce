/**
 * Requests for documents over Node's http and https. Addresses are checked in the socket's own lookup, so that the
 * connection goes to a checked address and a second lookup can't change it. Reached as `#document-transport`.
 * @module
 */
import { lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { DocumentError, formatValue } from "../../errors/errors.js";
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

/** A hostile name server can block `dns.lookup`, and its libuv thread, for long; two of four threads stay free. */
const MAX_LOOKUPS = 2;
/** Shared by all transports, like the threads. */
const queuedSystemLookup = queueLookups(systemLookup as LookupFunction);
/** Nothing is decompressed, so that the bytes are those that the hash on chain is of. */
const HEADERS = { "accept-encoding": "identity" };

/** Creates a transport that opens a new connection for every request. */
export function createDocumentTransport(options: DocumentTransportOptions = {}): DocumentTransport {
	const { lookup, ca } = options;
	const queuedLookup = lookup === undefined ? queuedSystemLookup : queueLookups(lookup);
	return function sendDocumentRequest({ url, allowPrivateAddresses, signal }: DocumentRequest) {
		return sendRequest(
			{ url, headers: HEADERS, signal },
			{
				agent: false,
				lookup: checkedLookup(queuedLookup(signal), allowPrivateAddresses),
				// Explicit, so that NODE_TLS_REJECT_UNAUTHORIZED can't turn it off.
				rejectUnauthorized: true,
				...(ca === undefined ? {} : { ca }),
			},
		);
	};
}

/** Limits concurrent lookups. A lookup is skipped if its request was aborted while it waited. */
function queueLookups(lookup: LookupFunction): (signal: AbortSignal) => LookupFunction {
	const waiting: (() => void)[] = [];
	let running = 0;
	const next = (): void => {
		while (running < MAX_LOOKUPS && waiting.length > 0) waiting.shift()?.();
	};
	return (signal) => (hostname, options, callback) => {
		waiting.push(() => {
			if (signal.aborted) return;
			running += 1;
			lookup(hostname, options, (...result) => {
				running -= 1;
				callback(...result);
				next();
			});
		});
		next();
	};
}

/** Refuses a host if any address is special, since Node chooses one. An empty result would crash `node:net`. */
function checkedLookup(lookup: LookupFunction, allowPrivateAddresses: boolean): LookupFunction {
	return (hostname, options, callback) => {
		lookup(hostname, { ...options, all: true }, (error, result) => {
			const addresses = Array.isArray(result) ? result : [];
			const special = addresses.find(({ address }) => isSpecialAddress(address));
			const [first] = addresses;
			if (error) callback(error, []);
			else if (first === undefined) callback(Object.assign(new Error("no address"), { code: "ENODATA" }), []);
			else if (special && !allowPrivateAddresses) callback(refused(hostname, special.address), []);
			else if (options.all) callback(null, addresses);
			else callback(null, first.address, first.family);
		});
	};
}

function refused(host: string, address: string): DocumentError {
	const message = `expected ${formatValue(host)} to have public addresses, got ${formatValue(address)}`;
	return new DocumentError("document/address-refused", message, { details: { host, address } });
}
