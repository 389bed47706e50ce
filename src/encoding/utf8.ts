/** @module */

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Decodes UTF-8 strictly. A byte order mark stays as U+FEFF. */
export function decodeUtf8(bytes: Uint8Array): string {
	try {
		return DECODER.decode(bytes);
	} catch {
		throw new SyntaxError("UTF-8: not valid");
	}
}

/** Encodes a text as UTF-8; bytes stay as they are. */
export function toBytes(data: Uint8Array | string): Uint8Array {
	return typeof data === "string" ? ENCODER.encode(data) : data;
}
