/**
 * Documents embedded in their own URI: `data:` URIs (RFC 2397).
 * @module
 */
import { decodeBase64 } from "../../encoding/base64.js";
import { DocumentError } from "../../errors/errors.js";
import { assertJsonContentType } from "./content-type.js";

const PERCENT = 0x25;
const BASE64 = ";base64";

/** Extracts the document from a `data:` URI. */
export function parseDataUri(uri: string, maxBytes: number): Uint8Array<ArrayBuffer> {
	const comma = uri.indexOf(",");
	if (comma < 0) throw refused("expected a comma before the data");
	const mediaType = uri.slice("data:".length, comma);
	// Parameters without a type mean text/plain (RFC 2397 section 2).
	assertJsonContentType(mediaType.startsWith(";") ? `text/plain${mediaType}` : mediaType || undefined);
	const data = uri.slice(comma + 1);
	// A byte takes at most three characters, or four if its base64 is percent-encoded as well; its padding, eight.
	if (data.length > maxBytes * 4 + 8) throw tooLarge(maxBytes);
	const isBase64 = mediaType.toLowerCase().endsWith(BASE64);
	const bytes = isBase64 ? fromBase64(percentDecode(data)) : percentDecode(data);
	if (bytes.length > maxBytes) throw tooLarge(maxBytes);
	return bytes;
}

function percentDecode(text: string): Uint8Array<ArrayBuffer> {
	const bytes = new Uint8Array(text.length);
	let length = 0;
	for (let i = 0; i < text.length; i++) {
		let byte = text.charCodeAt(i);
		if (byte === PERCENT) {
			const pair = text.slice(i + 1, i + 3);
			if (!/^[0-9a-f]{2}$/i.test(pair)) throw refused("expected two hex digits after every %");
			byte = Number.parseInt(pair, 16);
			i += 2;
		}
		bytes[length++] = byte;
	}
	return bytes.slice(0, length);
}

function fromBase64(characters: Uint8Array): Uint8Array<ArrayBuffer> {
	try {
		return decodeBase64(new TextDecoder().decode(characters));
	} catch (cause) {
		throw refused("expected padded base64 after ;base64", cause);
	}
}

function refused(problem: string, cause?: unknown): DocumentError {
	return new DocumentError("document/uri-refused", `data: URI: ${problem}`, { cause });
}

function tooLarge(maxBytes: number): DocumentError {
	const message = `expected at most ${maxBytes} bytes in the data: URI, got more`;
	return new DocumentError("document/too-large", message, { details: { maxBytes } });
}
