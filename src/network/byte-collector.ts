/**
 * Collects the bytes of a body, up to a limit.
 * @module
 */
import { TransportError } from "./http-message.js";

export interface ByteCollector {
	add(chunk: Uint8Array): void;
	take(): Uint8Array<ArrayBuffer>;
}

/** Collects into a single growing array, so that a body of one-byte chunks takes no more memory than any other. */
export function createByteCollector(maxBytes: number): ByteCollector {
	let bytes = new Uint8Array();
	let length = 0;
	return { add, take: () => (length === bytes.length ? bytes : bytes.slice(0, length)) };

	function add(chunk: Uint8Array): void {
		const end = length + chunk.length;
		if (end > maxBytes) throw tooLarge(maxBytes);
		if (end > bytes.length) {
			const grown = new Uint8Array(Math.min(maxBytes, Math.max(end, bytes.length * 2)));
			grown.set(bytes.subarray(0, length));
			bytes = grown;
		}
		bytes.set(chunk, length);
		length = end;
	}
}

/** Rejects a body whose declared length is too large. */
export function assertDeclaredLength(contentLength: string | undefined, maxBytes: number): void {
	if (Number(contentLength ?? 0) > maxBytes) throw tooLarge(maxBytes);
}

export function tooLarge(maxBytes: number, cause?: unknown): TransportError {
	return new TransportError("too-large", `the body is larger than ${maxBytes} bytes`, { cause });
}
