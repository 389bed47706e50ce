/**
 * Reads a web stream up to a limit.
 * @module
 */
import { createByteCollector } from "./byte-collector.js";

/**
 * Uses a reader, because some browsers can't iterate streams. Cancels the stream when it exceeds the limit, or when the
 * signal is aborted: then what was read may be incomplete.
 */
export async function readStream(
	stream: ReadableStream<Uint8Array> | null,
	maxBytes: number,
	signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
	const collector = createByteCollector(maxBytes);
	const reader = stream?.getReader();
	const cancel = (): void => void reader?.cancel().catch(() => undefined);
	signal?.addEventListener("abort", cancel, { once: true });
	try {
		while (reader) {
			const { done, value } = await reader.read();
			if (done) break;
			collector.add(value);
		}
		return collector.take();
	} finally {
		cancel();
	}
}
