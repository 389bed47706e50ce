import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { readRefusalCode } from "../../src/client/read-refusal.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

it("problem details that never end have no code, and their connection is closed once the caller cancels them", async () => {
	let isClosed = false;
	const body = new ReadableStream({
		start: (controller) => controller.enqueue(new TextEncoder().encode("{")),
		cancel: () => {
			isClosed = true;
		},
	});
	const response = new Response(body, { status: 401, headers: { "content-type": "application/problem+json" } });
	const reading = readRefusalCode(response);
	await vi.advanceTimersByTimeAsync(5_000);
	expect(await reading).toBeUndefined();
	expect(isClosed).toBe(false);
	void response.body?.cancel();
	await vi.advanceTimersByTimeAsync(0);
	expect(isClosed).toBe(true);
});
