import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMemoryReplayStore } from "../../../src/auth/replay/memory-store.ts";
import { runs } from "../../support/property.ts";
import { expectRefusal } from "../../support/refusal.ts";

describe("a store of used tokens in memory", () => {
	it("knows a key until it expires, and each key once", async () => {
		const store = createMemoryReplayStore();
		expect(await store.spend("a", 100, 0)).toBe(true);
		expect(await store.spend("b", 100, 0)).toBe(true);
		expect(await store.spend("a", 100, 99.999)).toBe(false);
		expect(await store.spend("a", 500, 50)).toBe(false);
	});

	it("refuses new keys when it is full, until one expires, and never forgets a valid one", async () => {
		const store = createMemoryReplayStore({ maxEntries: 2 });
		await store.spend("short", 100, 0);
		await store.spend("long", 1_000, 0);
		const error = await expectRefusal(() => store.spend("new", 1_000, 99), "replay/unavailable");
		expect(error).toMatchObject({ name: "ReplayError", message: "the store is full: it remembers 2 tokens" });
		for (const key of ["short", "long"]) expect(await store.spend(key, 1_000, 99)).toBe(false);
		expect(await store.spend("new", 1_000, 100)).toBe(true);
		expect(await store.spend("long", 1_000, 999)).toBe(false);
		await expectRefusal(() => store.spend("newer", 2_000, 999), "replay/unavailable");
	});

	it("can't tell about keys that it may have forgotten, if the clock is set back", async () => {
		const store = createMemoryReplayStore();
		await store.spend("a", 100, 0);
		await store.spend("b", 200, 150);
		const error = await expectRefusal(() => store.spend("a", 100, 50), "replay/unavailable");
		expect(error.message).toMatch(/clock was set back/);
		await expectRefusal(() => store.spend("c", 100, 50), "replay/unavailable");
		expect(await store.spend("c", 100.001, 50)).toBe(true);
		expect(await store.spend("b", 200, 0)).toBe(false);
	});

	it("remembers a key that has expired already", async () => {
		const store = createMemoryReplayStore();
		expect(await store.spend("a", 100, 100)).toBe(true);
		expect(await store.spend("b", 101, 99)).toBe(true);
		expect(await store.spend("a", 100, 99)).toBe(false);
	});

	it("can't tell without times", async () => {
		const store = createMemoryReplayStore();
		await expectRefusal(() => store.spend("a", Number.NaN, 0), "replay/unavailable");
	});

	it("accepts one of many at once", async () => {
		const store = createMemoryReplayStore();
		const results = await Promise.all(Array.from({ length: 1_000 }, () => store.spend("a", 100, 0)));
		expect(results.filter((isFirst) => isFirst)).toHaveLength(1);
	});

	it("never accepts a key twice, and forgets all that expire, whatever the order", async () => {
		const key = fc.constantFrom("a", "b", "c", "__proto__", "constructor", "\0");
		const calls = fc.array(fc.tuple(key, fc.nat(50), fc.nat(30)), { maxLength: 60 });
		await fc.assert(
			fc.asyncProperty(calls, fc.integer({ min: 1, max: 4 }), async (steps, maxEntries) => {
				const store = createMemoryReplayStore({ maxEntries });
				const accepted = new Map<string, number>();
				let now = 0;
				for (const [name, lifetime, pause] of steps) {
					now += pause;
					const isFirst = await store.spend(name, now + lifetime, now).catch(() => undefined);
					if (isFirst === true) {
						expect(accepted.get(name) ?? -1).toBeLessThanOrEqual(now);
						accepted.set(name, now + lifetime);
					}
				}
				for (let call = 0; call < steps.length; call += 1)
					await store.spend("end", 1e6 - 1, 1e6).catch(() => undefined);
				expect(await store.spend("fresh", 2e6, 1e6 + 1)).toBe(true);
			}),
			runs(200),
		);
	});

	it.each([
		[{ maxEntries: 0 }, "config/invalid-option"],
		[{ maxEntries: 2 ** 24 + 1 }, "config/invalid-option"],
		[{ maxEntries: 1.5 }, "config/invalid-option"],
		[{ maxentries: 1 }, "config/unknown-option"],
	] as const)("doesn't take %j", async (options, code) => {
		await expectRefusal(() => createMemoryReplayStore(options as object), code);
	});
});
