/** Work that several calls wait for, and how long later calls wait for what never settles. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { addSharedWork, createSharedWork, isUnsettled, settleSharedWork } from "../../src/network/shared-work.ts";
import { passSeconds } from "../support/pass-seconds.ts";

/** Doesn't settle before the end of its test. */
let never: Promise<number>;
let end: (result: number) => void;
beforeEach(() => {
	({ promise: never, resolve: end } = Promise.withResolvers<number>());
});
afterEach(() => {
	vi.restoreAllMocks();
	end(0);
});

it("runs work once for concurrent callers, and again afterwards", async () => {
	const shared = createSharedWork<number>();
	let runs = 0;
	const work = async (): Promise<number> => ++runs;
	expect(await Promise.all([shared.run("a", work), shared.run("a", work), shared.run("b", work)])).toEqual([1, 1, 2]);
	expect([shared.count(), shared.has("a")]).toEqual([0, false]);
	expect(await shared.run("a", work)).toBe(3);
});

it("T61: failed work isn't shared with later callers", async () => {
	const shared = createSharedWork<number>();
	await expect(shared.run("a", () => Promise.reject(new Error("down")))).rejects.toThrow("down");
	await expect(
		shared.run("a", () => {
			throw new Error("at once");
		}),
	).rejects.toThrow("at once");
	expect(await shared.run("a", async () => 1)).toBe(1);
});

it("T61: work that never settles isn't joined or counted after 30 seconds", async () => {
	const shared = createSharedWork<number>();
	const finish = Promise.withResolvers<number>();
	let wasCurrent: boolean | undefined;
	const first = shared.run("a", async (isCurrent) => {
		const result = await finish.promise;
		wasCurrent = isCurrent();
		return result;
	});
	shared.run("b", () => never);
	passSeconds(29);
	expect([shared.count(), shared.has("a"), shared.run("a", async () => 2) === first]).toEqual([2, true, true]);
	passSeconds(2);
	expect([shared.count(), shared.has("a")]).toEqual([0, false]);
	const second = shared.run("a", async () => 2);
	finish.resolve(1);
	expect(await Promise.all([first, second])).toEqual([1, 2]);
	expect(wasCurrent).toBe(false);
});

it("work that was deleted goes on, but its result isn't current", async () => {
	const shared = createSharedWork<boolean>();
	const finish = Promise.withResolvers<void>();
	const read = (isCurrent: () => boolean): Promise<boolean> => finish.promise.then(isCurrent);
	const [first, other] = [shared.run("a", read), shared.run("b", read)];
	shared.delete("a");
	const second = shared.run("a", read);
	finish.resolve();
	expect(await Promise.all([first, other, second])).toEqual([false, true, true]);
	shared.run("a", async () => true);
	shared.clear();
	expect(shared.count()).toBe(0);
});

it("settling waits for the work of now, also if it fails, and not for work that is too old", async () => {
	addSharedWork(never);
	passSeconds(31);
	expect(isUnsettled(never)).toBe(false);
	const failing = Promise.withResolvers<void>();
	const failed = addSharedWork(failing.promise).catch(() => "failed");
	let isSettled = false;
	const settling = settleSharedWork().then(() => {
		isSettled = true;
	});
	await new Promise(setImmediate);
	expect(isSettled).toBe(false);
	failing.reject(new Error("down"));
	await settling;
	expect([await failed, isUnsettled(failing.promise)]).toEqual(["failed", false]);
});
