import { expect, it } from "vitest";
import { createWaiters } from "../../../src/resolver/sharing/waiters.ts";
import { isWaiting, pass } from "../../support/patient-timers.ts";

it("a wait ends with the first message about its key", async () => {
	const waiters = createWaiters();
	const [first, second, other] = ["a", "a", "b"].map((key) => waiters.add(key));
	const waiting = [first?.wait(5_000), second?.wait(6_000), other?.wait(7_000)];
	waiters.wake("a", "stored");
	waiters.wake("a", "failed");
	expect(await Promise.all(waiting.slice(0, 2))).toEqual(["stored", "stored"]);
	expect([5_000, 6_000, 7_000].map(isWaiting)).toEqual([false, false, true]);
	waiters.wake("c", "failed");
	await pass(6_999);
	await pass(1);
	expect(await waiting[2]).toBe("timeout");
	expect(waiters.wakeUps()).toBe(3);
});

it("a message that overtakes the wait ends it at once", async () => {
	const waiters = createWaiters();
	const waiter = waiters.add("a");
	waiters.wake("a", "failed");
	expect(await waiter.wait(5_000)).toBe("failed");
});

it("those who are removed aren't woken, the others are, and so are those who come later", async () => {
	const waiters = createWaiters();
	const [gone, left] = [waiters.add("a"), waiters.add("a")];
	gone.remove();
	waiters.wake("a", "stored");
	expect(await left.wait(5_000)).toBe("stored");
	left.remove();
	const [later, last] = [waiters.add("a"), waiters.add("a")];
	// Once more: it must not remove anybody else.
	left.remove();
	gone.remove();
	waiters.wake("a", "failed");
	expect(await Promise.all([later.wait(5_000), last.wait(5_000)])).toEqual(["failed", "failed"]);
	const waiting = gone.wait(3_000);
	await pass(3_000);
	expect(await waiting).toBe("timeout");
});
