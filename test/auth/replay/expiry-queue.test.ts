import fc from "fast-check";
import { expect, it } from "vitest";
import { ExpiryQueue } from "../../../src/auth/replay/expiry-queue.ts";

it("returns keys in the order in which they expire, whatever the order in which they were added", () => {
	fc.assert(
		fc.property(fc.array(fc.tuple(fc.integer({ min: -3, max: 50 }), fc.boolean())), (steps) => {
			const queue = new ExpiryQueue();
			let waiting: number[] = [];
			for (const [expiresAt, isRemoval] of steps) {
				if (isRemoval && waiting.length > 0) {
					expect(Number(queue.removeFirst()?.split(" ")[0])).toBe(waiting[0]);
					waiting = waiting.slice(1);
				} else {
					queue.add(`${expiresAt} ${waiting.length}`, expiresAt);
					waiting = [...waiting, expiresAt].sort((a, b) => a - b);
				}
				expect(queue.firstExpiry).toBe(waiting[0] ?? Number.POSITIVE_INFINITY);
			}
		}),
	);
});
