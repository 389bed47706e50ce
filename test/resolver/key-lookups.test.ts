/** How often unknown keys of an organization are looked up. */
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createKeyLookups, type KeyLookups, type LookupLimit } from "../../src/resolver/key-lookups.ts";
import { isWaiting, pass } from "../support/patient-timers.ts";
import { expectRefusal } from "../support/refusal.ts";

let clock: number;
let lookups: KeyLookups<number>;
let begun: number;
beforeEach(() => {
	clock = 1_000;
	begun = 0;
	lookups = createKeyLookups<number>(2, () => clock);
});

const limitOf = (did: string, cooldownSeconds = 10): LookupLimit => ({ did, cooldownSeconds });
const begin = async (): Promise<number> => {
	begun += 1;
	return begun;
};
const lookUp = (did = "a", cooldownSeconds = 10): Promise<number> =>
	lookups.lookUpRecord(limitOf(did, cooldownSeconds), begin);
const lookUpKey = (did = "a", cooldownSeconds = 10): Promise<number> =>
	lookups.lookUpKey(limitOf(did, cooldownSeconds), begin);

describe.each([
	["records", () => lookUp()],
	["keys", () => lookUpKey()],
] as const)("lookups of %s", (_what, look) => {
	it("may be ten without a pause, then one per cooldown", async () => {
		for (let count = 1; count <= 10; count++) expect(await look()).toBe(count);
		const error = await expectRefusal(look, "registry/unreachable");
		expect(error.details).toEqual({ retryAfterSeconds: 10 });
		expect(error.message).toContain("10 s");
		clock += 8.5;
		expect((await expectRefusal(look, "registry/unreachable")).details).toEqual({ retryAfterSeconds: 2 });
		clock += 1.5;
		expect(await look()).toBe(11);
		await expectRefusal(look, "registry/unreachable");
		clock += 20;
		for (let count = 12; count <= 13; count++) expect(await look()).toBe(count);
		await expectRefusal(look, "registry/unreachable");
	});

	it("wait for up to a second", async () => {
		for (let count = 1; count <= 10; count++) await look();
		clock += 8.9;
		await expectRefusal(look, "registry/unreachable");
		clock += 0.1;
		const waiting = look();
		expect(isWaiting(1_000)).toBe(true);
		await pass(999);
		expect(begun).toBe(10);
		await pass(1);
		expect(await waiting).toBe(11);
	});

	it("begin anew if the clock was set back", async () => {
		for (let count = 1; count <= 10; count++) await look();
		clock -= 2;
		await expectRefusal(look, "registry/unreachable");
		clock -= 0.5;
		for (let count = 11; count <= 20; count++) expect(await look()).toBe(count);
		await expectRefusal(look, "registry/unreachable");
	});

	it("are forgotten", async () => {
		for (const forget of [() => lookups.delete("a"), () => lookups.clear(), undefined]) {
			for (let count = 1; count <= 10; count++) await look();
			await expectRefusal(look, "registry/unreachable");
			forget?.();
		}
		lookups.delete("b");
		await expectRefusal(look, "registry/unreachable");
	});
});

it("organizations have limits of their own, the two used last", async () => {
	for (let count = 1; count <= 10; count++) await lookUp("a");
	expect(await lookUp("b")).toBe(11);
	await expectRefusal(() => lookUp("a"), "registry/unreachable");
	await lookUp("c");
	await expectRefusal(() => lookUp("a"), "registry/unreachable");
	await lookUp("b");
	await lookUp("c");
	expect(await lookUp("a")).toBeGreaterThan(11);
});

it("records and keys have limits of their own", async () => {
	for (let count = 1; count <= 10; count++) await lookUp();
	expect(await lookUpKey()).toBe(11);
});

describe("a lookup of a record", () => {
	/** Lookups that the test ends. */
	function hold(): { running: PromiseWithResolvers<number>[]; look: () => Promise<number> } {
		const running: PromiseWithResolvers<number>[] = [];
		const look = (): Promise<number> =>
			lookups.lookUpRecord(limitOf("a"), () => {
				running.push(Promise.withResolvers<number>());
				return running.at(-1)?.promise as Promise<number>;
			});
		return { running, look };
	}
	const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

	it("is shared by all who wait for it, but not by those who come while it runs", async () => {
		const { running, look } = hold();
		const first = [look(), look()];
		await settle();
		expect(running).toHaveLength(1);
		const second = [look(), look()];
		await settle();
		expect(running).toHaveLength(1);
		running[0]?.resolve(1);
		expect(await Promise.all(first)).toEqual([1, 1]);
		await settle();
		expect(running).toHaveLength(2);
		running[1]?.resolve(2);
		expect(await Promise.all(second)).toEqual([2, 2]);
		const third = look();
		await settle();
		running[2]?.resolve(3);
		expect(await third).toBe(3);
	});

	it("begins even if the one before it fails", async () => {
		const { running, look } = hold();
		const first = look();
		await settle();
		const second = look();
		running[0]?.reject(new Error("down"));
		await expect(first).rejects.toThrow("down");
		await settle();
		running[1]?.resolve(2);
		expect(await second).toBe(2);
	});

	it("that fails is followed by a pause of the cooldown, at least two seconds", async () => {
		for (const [cooldown, pause] of [
			[10, 10],
			[0.1, 2],
		] as const) {
			const failing = (): Promise<number> =>
				lookups.lookUpRecord(limitOf("a", cooldown), () => Promise.reject(new Error("down")));
			await expect(failing()).rejects.toThrow("down");
			const error = await expectRefusal(failing, "registry/unreachable");
			expect(error.details).toEqual({ retryAfterSeconds: pause });
			clock += pause;
			await expect(failing()).rejects.toThrow("down");
			clock += pause;
			expect(await lookUp("a", cooldown)).toBeGreaterThan(0);
			lookups.clear();
		}
	});

	it("that never ends isn't waited for after thirty seconds", async () => {
		vi.useFakeTimers({ toFake: ["performance"] });
		onTestFinished(() => void vi.useRealTimers());
		const { running, look } = hold();
		void look();
		await settle();
		vi.advanceTimersByTime(31_000);
		const second = look();
		await settle();
		running[1]?.resolve(2);
		expect(await second).toBe(2);
		running[0]?.resolve(1);
	});

	it("that waits for its turn is replaced by one that begins meanwhile", async () => {
		for (let count = 1; count <= 10; count++) await lookUp();
		clock += 9;
		const waiting = [lookUp(), lookUp()];
		await pass(1_000);
		expect(await Promise.all(waiting)).toEqual([11, 11]);
	});
});
