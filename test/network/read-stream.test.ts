import { describe, expect, it } from "vitest";
import { readStream } from "../../src/network/read-stream.ts";

describe("readStream", () => {
	it.each([[[]], [[3]], [[1, 1, 1]], [[20_000, 0, 40_000]]])("collects chunks of %j", async (sizes) => {
		const chunks = sizes.map((size, at) => new Uint8Array(size).fill(at + 1));
		const stream = new Blob(chunks).stream();
		expect(await readStream(stream, 60_000)).toEqual(new Uint8Array(await new Blob(chunks).arrayBuffer()));
	});

	it("cancels a stream that exceeds the limit, and stops reading", async () => {
		let pulled = 0;
		let cancelled = 0;
		const endless = new ReadableStream<Uint8Array>({
			pull(controller) {
				pulled += 1;
				controller.enqueue(new Uint8Array(10));
			},
			cancel() {
				cancelled += 1;
			},
		});
		await expect(readStream(endless, 25)).rejects.toMatchObject({ code: "too-large" });
		expect(pulled).toBeLessThan(6);
		expect(cancelled).toBe(1);
	});

	it("returns no bytes for a missing stream", async () => {
		expect(await readStream(null, 10)).toEqual(new Uint8Array());
	});
});
