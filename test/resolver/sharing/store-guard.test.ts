/** How long a store that is down or slow is left alone. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createStoreGuard, type StoreGuard } from "../../../src/resolver/sharing/store-guard.ts";

let store: { isReady?: boolean };
let successes: number;
let guard: StoreGuard;
beforeEach(() => {
	vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
	store = {};
	successes = 0;
	guard = createStoreGuard(store, () => {
		successes += 1;
	});
});
afterEach(() => void vi.useRealTimers());

const reply = (): Promise<string> => guard.attempt(async () => "reply").then(String);
const fail = (message = "down"): Promise<unknown> => guard.attempt(() => Promise.reject(new Error(message)));
const advance = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
/** The result of a call without waiting for it. */
async function resultOf(work: Promise<unknown>): Promise<unknown> {
	return Promise.race([work, advance(0).then(() => "pending")]);
}
const NEVER = (): Promise<never> => new Promise(() => undefined);

describe("a store that works", () => {
	it("is asked", async () => {
		expect(await reply()).toBe("reply");
		expect(await guard.complete(async () => 1)).toBe(1);
		expect(successes).toBe(2);
		expect(guard.status()).toStrictEqual({ isAvailable: true });
		expect(Object.isFrozen(guard.status())).toBe(true);
	});

	it("is asked by any number of calls, one after another", async () => {
		for (let call = 0; call < 150; call++) expect(await resultOf(reply())).toBe("reply");
	});

	it("is asked a hundred things at once; the others wait their turn", async () => {
		const calls: PromiseWithResolvers<string>[] = [];
		const results = Array.from({ length: 103 }, () =>
			guard.attempt(() => {
				const call = Promise.withResolvers<string>();
				calls.push(call);
				return call.promise;
			}),
		);
		await advance(0);
		expect(calls).toHaveLength(100);
		calls[0]?.resolve("first");
		calls[1]?.resolve("second");
		await advance(0);
		expect(calls).toHaveLength(102);
		for (const { resolve } of calls) resolve("later");
		await advance(0);
		calls[102]?.resolve("last");
		expect(await Promise.all(results)).toEqual(["first", "second", ...Array(100).fill("later"), "last"]);
	});
});

describe("a store that fails", () => {
	it("isn't asked for half a second, then twice as long each time, at most for thirty seconds", async () => {
		for (const pause of [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
			expect(await fail()).toBeUndefined();
			await advance(pause - 1);
			expect(await reply()).toBe("undefined");
			await advance(1);
		}
		expect(await reply()).toBe("reply");
		await fail();
		await advance(500);
		expect(await reply()).toBe("reply");
	});

	it("is asked by one call at first", async () => {
		await fail();
		await advance(500);
		const probe = Promise.withResolvers<string>();
		const probing = guard.attempt(() => probe.promise);
		expect(await reply()).toBe("undefined");
		probe.resolve("probe");
		expect(await probing).toBe("probe");
		expect(await reply()).toBe("reply");
	});

	it("is told what others wait for, all the same", async () => {
		await fail();
		expect(await guard.complete(async () => "told")).toBe("told");
		expect(successes).toBe(0);
		expect(await reply()).toBe("undefined");
	});

	it("says why", async () => {
		await fail("down");
		expect(guard.status()).toStrictEqual({ isAvailable: false, error: "down" });
		expect(Object.isFrozen(guard.status())).toBe(true);
		await advance(500);
		expect(guard.status()).toMatchObject({ isAvailable: false });
		await reply();
		expect(guard.status()).toStrictEqual({ isAvailable: true });
		await fail("x".repeat(300));
		expect(guard.status().error).toBe("x".repeat(200));
		guard.fail("no error");
		expect(guard.status().error).toBe("the store failed");
	});

	it("counts calls that fail together once, and a success that began before the failure not at all", async () => {
		const earlier = Promise.withResolvers<string>();
		const succeeding = guard.attempt(() => earlier.promise);
		await Promise.all([fail(), fail(), fail()]);
		earlier.resolve("reply");
		expect(await succeeding).toBe("reply");
		expect(successes).toBe(0);
		expect(guard.status().isAvailable).toBe(false);
		await advance(500);
		expect(await reply()).toBe("reply");
	});

	it("isn't asked by those who waited for their turn", async () => {
		const calls: PromiseWithResolvers<never>[] = [];
		let asked = 0;
		const results = Array.from({ length: 101 }, () =>
			guard.attempt(() => {
				asked += 1;
				calls.push(Promise.withResolvers<never>());
				return calls.at(-1)?.promise as Promise<never>;
			}),
		);
		await advance(0);
		calls[0]?.reject(new Error("down"));
		expect(await results[100]).toBeUndefined();
		expect(asked).toBe(100);
	});
});

describe("a store that isn't ready", () => {
	it("isn't asked or told anything", async () => {
		store.isReady = false;
		expect(await reply()).toBe("undefined");
		expect(await guard.complete(async () => 1)).toBeUndefined();
		expect(guard.status()).toStrictEqual({ isAvailable: false, error: "not connected" });
		store.isReady = true;
		expect(await reply()).toBe("reply");
		expect(guard.status()).toStrictEqual({ isAvailable: true });
	});
});

describe("a store that is slow", () => {
	it("has half a second to reply to anything; what comes later is reported", async () => {
		const slow = Promise.withResolvers<string>();
		const late: string[] = [];
		const asking = guard.attempt(
			() => slow.promise,
			(result) => late.push(result),
		);
		await advance(499);
		expect(await resultOf(asking)).toBe("pending");
		await advance(1);
		expect(await asking).toBeUndefined();
		expect(guard.status().error).toBe("no reply within 500 ms");
		expect(late).toEqual([]);
		slow.resolve("late");
		await advance(0);
		expect(late).toEqual(["late"]);
	});

	it("has two seconds for one reply while others arrive", async () => {
		const asking = guard.attempt(NEVER);
		for (let ms = 0; ms < 1_900; ms += 100) {
			await advance(100);
			expect(await reply()).toBe("reply");
		}
		await advance(99);
		expect(await resultOf(asking)).toBe("pending");
		await advance(1);
		expect(await asking).toBeUndefined();
		expect(guard.status().error).toBe("no reply within 2000 ms");
	});

	it("has half a second again after each reply to anything", async () => {
		const asking = guard.attempt(NEVER);
		await advance(400);
		await reply();
		await advance(540);
		expect(await resultOf(asking)).toBe("pending");
		await advance(20);
		expect(await asking).toBeUndefined();
	});

	it("leaves no timer behind once it has replied or failed", async () => {
		await reply();
		await fail();
		expect(vi.getTimerCount()).toBe(0);
	});
});
