import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TokenError } from "../../src/errors/errors.ts";
import { callWithTimeout } from "../../src/tokens/call-with-timeout.ts";
import { expectRefusal } from "../support/refusal.ts";

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

describe("callWithTimeout", () => {
	it.each<[string, () => unknown]>([
		["synchronously", () => 7],
		["from a promise", async () => 7],
		// biome-ignore lint/suspicious/noThenProperty: a thenable is what is tried
		["from a thenable", () => ({ then: (done: (value: number) => void) => done(7) })],
	])("returns the result %s, and leaves no timer running", async (_, call) => {
		expect(await callWithTimeout(call, "it")).toBe(7);
		expect(vi.getTimerCount()).toBe(0);
	});

	it.each([null, undefined, false])("returns %s unchanged", async (result) => {
		expect(await callWithTimeout(() => result, "it")).toBe(result);
	});

	it("turns a synchronous or later failure into an outage with the error as its cause", async () => {
		const cause = new Error("db: password hunter2");
		const fails = [
			() => {
				throw cause;
			},
			() => Promise.reject(cause),
		];
		for (const call of fails) {
			const error = await expectRefusal(() => callWithTimeout(call, "the lookup"), "key/unreachable");
			expect(error.cause).toBe(cause);
			expect(error.message).not.toContain("hunter2");
		}
	});

	it("rethrows orgpass errors", async () => {
		const error = new TokenError("token/issuer-unknown", "a stranger");
		await expectRefusal(() => callWithTimeout(() => Promise.reject(error), "it"), "token/issuer-unknown");
	});

	it("gives up after half a minute", async () => {
		const settled = vi.fn();
		const pending = Promise.resolve(callWithTimeout(() => new Promise(() => {}), "it"));
		pending.then(settled, settled);
		await vi.advanceTimersByTimeAsync(29_999);
		expect(settled).not.toHaveBeenCalled();
		await vi.advanceTimersByTimeAsync(1);
		await expectRefusal(() => pending, "key/unreachable");
	});
});
