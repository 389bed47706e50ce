/**
 * Reads byte streams from untrusted hosts, up to a limit.
 * @module
 */

const INITIAL_BYTES = 16_384;

/** Collects a stream, or returns undefined as soon as it exceeds `maxBytes`. */
export async function collectBytes(
	chunks: AsyncIterable<Uint8Array>,
	maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
	// A single growing array: a body of one-byte chunks takes no more memory than any other.
	let bytes = new Uint8Array(Math.min(INITIAL_BYTES, maxBytes));
	let length = 0;
	for await (const chunk of chunks) {
		const end = length + chunk.length;
		if (end > maxBytes) return undefined;
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

/** Iterates over a web stream, which some browsers don't support; the stream is cancelled when the loop ends early. */
export async function* chunksOf(stream: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
	const reader = stream?.getReader();
	try {
		while (reader) {
			const { done, value } = await reader.read();
			if (done) return;
			yield value;
		}
	} finally {
		reader?.cancel().catch(() => undefined);
	}
}
