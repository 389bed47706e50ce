import { describe, expect, it } from "vitest";
import { createTurns } from "../../src/registry/turns.node.ts";
import { countTurns } from "../support/count-turns.ts";

describe("turns of the event loop", () => {
	it("are taken one by one, in order", async () => {
		const { take: takeTurn, idle } = createTurns();
		const turns = countTurns();
		const order: number[] = [];
		const taken = await Promise.all(
			Array.from({ length: 50 }, async (_, index) => {
				await takeTurn();
				order.push(index);
				return turns.now();
			}),
		);
		await idle();
		turns.stop();
		expect(order).toEqual(Array.from({ length: 50 }, (_, index) => index));
		expect(new Set(taken).size).toBe(50);
	});

	it("are given again after a pause, and to whoever comes while others wait", async () => {
		const { take: takeTurn } = createTurns();
		await takeTurn();
		await takeTurn();
		const order: string[] = [];
		const late = async (): Promise<void> => {
			await takeTurn();
			order.push("late");
		};
		const first = takeTurn().then(async () => {
			order.push("first");
			await late();
		});
		const second = takeTurn().then(() => order.push("second"));
		await Promise.all([first, second]);
		expect(order).toEqual(["first", "second", "late"]);
	});

	it("of all who wait pass before those who send the next calls together", async () => {
		const { take, idle } = createTurns();
		const turns = countTurns();
		const takers = Array.from({ length: 10 }, async () => {
			await take();
			const taken = turns.now();
			await idle();
			return { taken, sent: turns.now() };
		});
		const all = await Promise.all(takers);
		turns.stop();
		expect(new Set(all.map(({ taken }) => taken)).size).toBe(10);
		expect(new Set(all.map(({ sent }) => sent)).size).toBe(1);
	});

	it("aren't waited for if nobody has one to come", async () => {
		const order: string[] = [];
		const idle = createTurns()
			.idle()
			.then(() => order.push("idle"));
		await Promise.all([idle, new Promise(setImmediate).then(() => order.push("next turn"))]);
		expect(order).toEqual(["idle", "next turn"]);
	});

	it("are given by timers in runtimes without setImmediate", async () => {
		const { setImmediate } = globalThis;
		Reflect.deleteProperty(globalThis, "setImmediate");
		try {
			const turns = createTurns();
			const order: number[] = [];
			await Promise.all([1, 2].map((caller) => turns.take().then(() => order.push(caller))));
			expect(order).toEqual([1, 2]);
		} finally {
			globalThis.setImmediate = setImmediate;
		}
	});
});
