/**
 * What a document's host answered, judged: is it a document, a redirect, an outage or nothing of use? And
 * its body, counted while it streams.
 * @module
 */

import { DocumentError } from "../../errors/errors.js";
import { formatValue } from "../../errors/format-value.js";
import { assertJsonContentType } from "./content-type.js";

/** One GET request. */
export interface DocumentRequest {
	/** Of http or https, its scheme, credentials and host checked. */
	readonly url: URL;
	/** Whether the addresses its host's name stands for may be special. */
	readonly allowPrivateAddresses: boolean;
	/** Ends the request, whatever it waits for, and frees what it holds. */
	readonly signal: AbortSignal;
}

/** The head of an answer, its body still to come. */
export interface DocumentResponse {
	readonly status: number;
	/** The value of a header by its lower-case name; several are joined by a comma. */
	header(name: string): string | undefined;
	readonly body: AsyncIterable<Uint8Array>;
	/** Lets go of the connection; the body is not read to its end. */
	close(): void;
}

/** Sends one request, follows nothing. Fails with a `DocumentError`, or with whatever the network says. */
export type DocumentTransport = (request: DocumentRequest) => Promise<DocumentResponse>;

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const FIRST_BYTES = 16_384;

/** Tells where an answer sends its reader. */
export function redirectLocation(answer: DocumentResponse, host: string): string | undefined {
	if (!REDIRECTS.has(answer.status)) return undefined;
	const location = answer.header("location");
	if (location === undefined) {
		throw new DocumentError("document/redirects", `${formatValue(host)} redirects without a location`, {
			details: { host, status: answer.status },
		});
	}
	return location;
}

/** Reads the document of an answer that is no redirect. */
export async function readDocumentBody(
	answer: DocumentResponse,
	host: string,
	maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
	checkStatus(answer.status, host);
	checkCoding(answer);
	assertJsonContentType(answer.header("content-type"));
	const declared = Number(answer.header("content-length") ?? 0);
	if (declared > maxBytes) throw tooLarge(maxBytes, `${declared} are announced`);
	return readBody(answer.body, maxBytes);
}

function checkStatus(status: number, host: string): void {
	if (status === 200) return;
	const isOutage = status === 429 || (status >= 500 && status < 600);
	throw new DocumentError(
		isOutage ? "document/unreachable" : "document/status",
		`expected ${formatValue(host)} to answer with status 200, got ${status}`,
		{ details: { host, status } },
	);
}

/** Nothing is unpacked here, so that a small answer can't become a large document. */
function checkCoding(answer: DocumentResponse): void {
	const expected = { "content-encoding": "identity", "transfer-encoding": "chunked" };
	for (const [name, accepted] of Object.entries(expected)) {
		const value = answer.header(name);
		if (value === undefined || value.trim().toLowerCase() === accepted) continue;
		throw new DocumentError(
			"document/content-type",
			`expected a document without coding, got ${name} ${formatValue(value)}`,
		);
	}
}

/** Into one growing array: a body of one-byte chunks costs no more memory than any other. */
async function readBody(
	chunks: AsyncIterable<Uint8Array>,
	maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
	let bytes = new Uint8Array(Math.min(FIRST_BYTES, maxBytes));
	let length = 0;
	for await (const chunk of chunks) {
		const end = length + chunk.length;
		if (end > maxBytes) throw tooLarge(maxBytes, "more came");
		if (end > bytes.length) {
			const grown = new Uint8Array(Math.min(maxBytes, Math.max(end, bytes.length * 2)));
			grown.set(bytes.subarray(0, length));
			bytes = grown;
		}
		bytes.set(chunk, length);
		length = end;
	}
	return bytes.slice(0, length);
}

function tooLarge(maxBytes: number, what: string): DocumentError {
	return new DocumentError("document/too-large", `expected at most ${maxBytes} bytes, ${what}`, {
		details: { maxBytes },
	});
}
