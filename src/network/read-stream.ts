/**
 * Reads a web stream up to a limit.
 * @module
 */
import { createByteCollector } from "./byte-collector.js";

/** Uses a reader, because some browsers can't iterate streams. Cancels the stream when it exceeds the limit. */
export async function readStream(
	stream: ReadableStream<Uint8Array> | null,
	maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
	const collector = createByteCollector(maxBytes);
	const reader = stream?.getReader();
	try {
		while (reader) {
			const { done, value } = await reader.read();
			if (done) break;
			collector.add(value);
		}
		return collector.take();
	} finally {
		reader?.cancel().catch(() => undefined);
	}
}
