/**
 * One request over Node's own http and https. The addresses a name stands for are checked where the socket
 * asks for them, so the connection goes to a checked address and no second look-up can change it. Reached
 * as `#document-transport`.
 * @module
 */
import { lookup as systemLookup } from "node:dns";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import { DocumentError } from "../../errors/errors.js";
import { formatValue } from "../../errors/format-value.js";
import type { DocumentRequest, DocumentResponse, DocumentTransport } from "./document-response.js";
import { isSpecialAddress } from "./special-address.js";

/** For tests: another resolver, another certificate authority. */
export interface DocumentTransportOptions {
	/** Like `dns.lookup`, always asked for all addresses. */
	readonly lookup?: LookupFunction | undefined;
	/** PEM of the certificates to trust. */
	readonly ca?: string | undefined;
}

/**
 * `dns.lookup` holds one of the process's four threads for file system, crypto and names as long as a stranger's
 * name server likes, also when nobody waits any more: the others stay free.
 */
const MAX_LOOKUPS = 2;
/** One for all transports: the threads are the process's. */
const systemLookupInTurn = takeTurns(systemLookup as LookupFunction);
const MAX_HEADER_BYTES = 16_384;
const HEADERS = { accept: "application/json", "accept-encoding": "identity", "user-agent": "orgpass" };

/** Makes a transport that opens one connection per request and keeps none. */
export function createDocumentTransport(options: DocumentTransportOptions = {}): DocumentTransport {
	const { lookup, ca } = options;
	const lookupInTurn = lookup === undefined ? systemLookupInTurn : takeTurns(lookup);
	return function sendRequest({ url, allowPrivateAddresses, signal }: DocumentRequest) {
		const send = url.protocol === "https:" ? httpsRequest : httpRequest;
		return new Promise<DocumentResponse>((resolve, reject) => {
			const outgoing = send(url, {
				agent: false,
				headers: HEADERS,
				insecureHTTPParser: false,
				lookup: checkedLookup(lookupInTurn(signal), allowPrivateAddresses),
				maxHeaderSize: MAX_HEADER_BYTES,
				// Explicit, so that NODE_TLS_REJECT_UNAUTHORIZED can't switch it off.
				rejectUnauthorized: true,
				signal,
				...(ca === undefined ? {} : { ca }),
			});
			outgoing.on("error", reject);
			outgoing.on("response", (incoming) => {
				resolve({
					status: incoming.statusCode ?? 0,
					header: (name) => incoming.headersDistinct[name]?.join(", "),
					body: incoming,
					close: () => outgoing.destroy(),
				});
			});
			outgoing.end();
		});
	};
}

/** Lets few look-ups go out at once; one whose request has ended when its turn comes never does. */
function takeTurns(lookup: LookupFunction): (signal: AbortSignal) => LookupFunction {
	const waiting: (() => void)[] = [];
	let underWay = 0;
	const next = (): void => {
		while (underWay < MAX_LOOKUPS && waiting.length > 0) waiting.shift()?.();
	};
	return (signal) => (hostname, options, callback) => {
		waiting.push(() => {
			if (signal.aborted) return;
			underWay += 1;
			lookup(hostname, options, (...answer) => {
				underWay -= 1;
				callback(...answer);
				next();
			});
		});
		next();
	};
}

/**
 * Asks for every address and refuses them all when one is special: which one is taken is not ours to say.
 * An empty answer is made an error, because it ends the process in `node:net`.
 */
function checkedLookup(lookup: LookupFunction, allowPrivateAddresses: boolean): LookupFunction {
	return (hostname, options, callback) => {
		lookup(hostname, { ...options, all: true }, (error, answer) => {
			const addresses = Array.isArray(answer) ? answer : [];
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
	return new DocumentError(
		"document/address-refused",
		`expected ${formatValue(host)} to be on the open internet, its address is ${formatValue(address)}`,
		{ details: { host, address } },
	);
}
