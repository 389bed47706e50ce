import { afterEach, describe, expect, it, vi } from "vitest";
import { createPollTimer } from "../../../src/registry/log/poll-timer.ts";

afterEach(() => {
	vi.useRealTimers();
	vi.restoreAllMocks();
});

describe("a wait", () => {
	/** How long a wait of 1,000 ms takes. */
	async function measure(use: (timer: ReturnType<typeof createPollTimer>) => void, waits = 1): Promise<number> {
		vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
		const timer = createPollTimer({ isInBackground: false });
		for (let earlier = 1; earlier < waits; earlier++) {
			const wait = timer.wait(50);
			await vi.advanceTimersByTimeAsync(50);
			await wait;
		}
		const now = (): number => Number(vi.getMockedSystemTime());
		const startedAt = now();
		let endedAt: number | undefined;
		void timer.wait(1_000).then(() => {
			endedAt = now();
		});
		use(timer);
		await vi.advanceTimersByTimeAsync(2_000);
		return Number(endedAt) - startedAt;
	}

	it("takes the given time, also after another one", async () => {
		expect(await measure(() => {})).toBe(1_000);
		expect(await measure(() => {}, 3)).toBe(1_000);
	});

	it.each([
		[0, 0],
		[400, 400],
		[1_500, 1_000],
	])("that is hastened to %d ms takes %d ms", async (ms, taken) => {
		expect(await measure((timer) => timer.hasten(ms))).toBe(taken);
	});

	it("that is hastened twice takes the shorter time", async () => {
		expect(await measure((timer) => [300, 600].forEach(timer.hasten))).toBe(300);
	});

	it("that was hastened before it began is the shorter one, and the next one isn't", async () => {
		vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
		const timer = createPollTimer({ isInBackground: false });
		timer.hasten(20);
		const ended: string[] = [];
		void timer.wait(1_000).then(() => {
			ended.push("first");
			return timer.wait(1_000).then(() => ended.push("second"));
		});
		await vi.advanceTimersByTimeAsync(20);
		expect(ended).toEqual(["first"]);
		await vi.advanceTimersByTimeAsync(999);
		expect(ended).toEqual(["first"]);
		await vi.advanceTimersByTimeAsync(1);
		expect(ended).toEqual(["first", "second"]);
	});

	it("may be of any length", async () => {
		const timers = vi.spyOn(globalThis, "setTimeout");
		const timer = createPollTimer({ isInBackground: true });
		const wait = timer.wait(1e12);
		expect(timers).toHaveBeenLastCalledWith(expect.anything(), 2 ** 31 - 1);
		timer.hasten(-5);
		expect(timers).toHaveBeenLastCalledWith(expect.anything(), 0);
		expect(await wait).toBeUndefined();
	});

	it.each([true, false])("keeps a process running unless it is in the background (%j)", async (isInBackground) => {
		const timers = vi.spyOn(globalThis, "setTimeout");
		const timer = createPollTimer({ isInBackground });
		const wait = timer.wait(100_000);
		const [timeout] = timers.mock.results.map(({ value }) => value as NodeJS.Timeout);
		expect(timeout?.hasRef()).toBe(!isInBackground);
		timer.hasten(0);
		expect(await wait).toBeUndefined();
	});
});
