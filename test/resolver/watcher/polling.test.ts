import { describe, expect, it, onTestFinished, vi } from "vitest";
import { RegistryError } from "../../../src/errors/errors.ts";
import { backoffMs, createPollTimeout } from "../../../src/resolver/watcher/polling.ts";

const failure = (details: Record<string, unknown>): RegistryError =>
	new RegistryError("registry/unreachable", "down", { details });

describe("the pause after a failed poll", () => {
	it.each([{}, { status: 500 }, { status: 500, retryAfterSeconds: 60 }, { rpcCode: -32_000 }])(
		"is the usual one after %j",
		(details) => {
			for (const failures of [1, 2, 9]) expect(backoffMs(4, failures, failure(details))).toBe(4_000);
		},
	);

	it.each([{ status: 429 }, { rpcCode: -32_005 }])("doubles while the node limits the rate: %j", (details) => {
		vi.spyOn(Math, "random").mockReturnValue(0);
		onTestFinished(() => void vi.restoreAllMocks());
		const pauses = [1, 2, 3, 4, 50].map((failures) => backoffMs(4, failures, failure(details)));
		expect(pauses).toEqual([8_000, 16_000, 32_000, 60_000, 60_000]);
		expect(backoffMs(90, 3, failure(details))).toBe(90_000);
		vi.mocked(Math.random).mockReturnValue(1);
		expect(backoffMs(4, 1, failure(details))).toBe(10_000);
	});

	it("is as long as the node asks for, if that is longer", () => {
		const limited = (retryAfterSeconds: unknown): number =>
			backoffMs(4, 1, failure({ status: 429, retryAfterSeconds }));
		expect(limited(100)).toBe(100_000);
		for (const retryAfterSeconds of [1, "100", undefined]) {
			expect(limited(retryAfterSeconds)).toBeGreaterThanOrEqual(8_000);
			expect(limited(retryAfterSeconds)).toBeLessThanOrEqual(10_000);
		}
	});
});

describe("the time limit of a poll", () => {
	/** The limits of polls that take so long; those that take too long fail. */
	async function limitsOf(pollingSeconds: number, durations: readonly number[]): Promise<number[]> {
		vi.useFakeTimers({ toFake: ["performance"] });
		onTestFinished(() => void vi.useRealTimers());
		const timeout = createPollTimeout(pollingSeconds);
		const limits: number[] = [];
		for (const ms of durations) {
			const polling = timeout.run(async (limit) => {
				limits.push(limit);
				vi.advanceTimersByTime(Math.min(ms, limit));
				if (ms > limit) throw new Error("too long");
				return ms;
			});
			if (ms > (limits.at(-1) as number)) await expect(polling).rejects.toThrow("too long");
			else expect(await polling).toBe(ms);
		}
		return limits;
	}

	it("is the interval at first, but at least one and at most five seconds", async () => {
		expect(await limitsOf(0.03, [1])).toEqual([1_000]);
		expect(await limitsOf(4, [1])).toEqual([4_000]);
		expect(await limitsOf(60, [1])).toEqual([5_000]);
	});

	it("doubles after each poll that took too long, then is twice what the last one took", async () => {
		const limits = await limitsOf(1, [9_000, 9_000, 9_000, 9_000, 2_000, 100, 700, 3_000, 2_600, 1]);
		expect(limits).toEqual([1_000, 2_000, 4_000, 5_000, 5_000, 4_000, 1_000, 1_400, 2_800, 5_000]);
	});
});
