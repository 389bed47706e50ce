import { describe, expect, it } from "vitest";
import { limitTime } from "../../src/network/limit-time.ts";

const late = (): Error => new Error("late");

describe("limitTime", () => {
	it("returns what the work returns, and creates no error", async () => {
		let created = 0;
		const createError = (): Error => {
			created += 1;
			return late();
		};
		expect(await limitTime(Promise.resolve(1), 1_000, createError)).toBe(1);
		expect(created).toBe(0);
	});

	it("rejects with the work's own error", async () => {
		await expect(limitTime(Promise.reject(new Error("early")), 1_000, late)).rejects.toThrow("early");
	});

	it("rejects once the time is over, and ignores what the work does later", async () => {
		const { promise, reject } = Promise.withResolvers<never>();
		await expect(limitTime(promise, 1, late)).rejects.toThrow("late");
		reject(new Error("even later"));
	});
});
