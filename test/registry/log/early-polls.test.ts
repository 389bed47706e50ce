import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createEarlyPolls, type EarlyPolls } from "../../../src/registry/log/early-polls.ts";
import type { LogUpdate } from "../../../src/registry/log/log-follower.ts";
import { createPollTimer } from "../../../src/registry/log/poll-timer.ts";

/** What each poll finds. */
type Found = Pick<LogUpdate, "added" | "removed" | "head">;

const HEAD = 100;
const NOTHING: Found = { added: [], removed: [], head: HEAD };
const CHANGE = [{ blockNumber: 1, blockHash: "0x", logIndex: 0 }] as const;

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"], now: 0 }));
afterEach(() => void vi.useRealTimers());

/** Polls at once and then again and again; `at` has the times of the polls, in milliseconds. */
function start(
	pollingSeconds: number,
	find: (poll: number) => Partial<Found> = () => ({}),
): EarlyPolls & { at: number[] } {
	const timer = createPollTimer({ isInBackground: true });
	const early = createEarlyPolls(timer, pollingSeconds);
	const at: number[] = [];
	void poll();
	return { ...early, at };

	async function poll(): Promise<void> {
		early.begin();
		at.push(Number(vi.getMockedSystemTime()));
		early.end({ ...NOTHING, ...find(at.length) } as LogUpdate);
		await timer.wait(pollingSeconds * 1_000);
		await poll();
	}
}

/** Lets time pass, and calls `announce` every ten milliseconds, never at the time of a poll. */
async function passWith(ms: number, announce: () => void): Promise<void> {
	await vi.advanceTimersByTimeAsync(5);
	announce();
	await vi.advanceTimersByTimeAsync(3);
	for (let passed = 0; passed < ms; passed += 10) {
		announce();
		await vi.advanceTimersByTimeAsync(10);
	}
}

describe("polls", () => {
	it("are an interval apart without announcements", async () => {
		const { at } = start(600);
		await vi.advanceTimersByTimeAsync(1_200_000);
		expect(at).toEqual([0, 600_000, 1_200_000]);
	});

	it.each([
		[600, 150_000],
		[4, 1_000],
		[0.4, 100],
		[0.2, 100],
	])("every %d s are at least %d ms apart if blocks are announced", async (pollingSeconds, ms) => {
		const { at, onBlock } = start(pollingSeconds);
		await passWith(50, onBlock);
		await vi.advanceTimersByTimeAsync(ms - 58);
		expect(at).toEqual([0, ms]);
		onBlock();
		await vi.advanceTimersByTimeAsync(ms - 1);
		expect(at).toEqual([0, ms]);
		await vi.advanceTimersByTimeAsync(1);
		expect(at).toEqual([0, ms, 2 * ms]);
	});

	it.each<[string, (early: EarlyPolls) => void]>([
		["a log", (early) => early.onLog(HEAD)],
		["the beginning of announcements", (early) => early.onChange(true)],
		["their end", (early) => early.onChange(false)],
	])("follow %s at once, but not within 100 ms", async (_, announce) => {
		const early = start(600);
		await vi.advanceTimersByTimeAsync(30);
		announce(early);
		await vi.advanceTimersByTimeAsync(69);
		expect(early.at).toEqual([0]);
		await vi.advanceTimersByTimeAsync(401);
		announce(early);
		await vi.advanceTimersByTimeAsync(300_000);
		expect(early.at).toEqual([0, 100, 500]);
	});

	it("because of logs are ten at once, and then one every four seconds", async () => {
		const { at, onLog } = start(600);
		await passWith(13_000, () => onLog(HEAD));
		expect(at).toEqual([...Array.from({ length: 11 }, (_, index) => index * 100), 4_008, 8_008, 12_008]);
	});

	it("because of logs at the same moment are ten", () => {
		const hastened: number[] = [];
		const { begin, onLog } = createEarlyPolls({ wait: async () => {}, hasten: (ms) => void hastened.push(ms) }, 600);
		for (let polls = 0; polls < 11; polls++) {
			begin();
			onLog(HEAD);
		}
		expect(hastened).toEqual([...Array(10).fill(100), 150_000]);
	});

	it("because of logs are one per interval and those of blocks if the interval is shorter", async () => {
		const { at, onLog } = start(2);
		await passWith(4_100, () => onLog(HEAD));
		const burst = Array.from({ length: 11 }, (_, index) => index * 100);
		expect(at).toEqual([...burst, 1_500, 2_000, 2_100, 2_600, 3_100, 3_600, 4_008]);
	});

	it("because of logs are ten at once again after any time", async () => {
		const { at, onLog } = start(10_000);
		await vi.advanceTimersByTimeAsync(5_000_000);
		await passWith(2_000, () => onLog(HEAD));
		expect(at).toHaveLength(11);
	});

	it.each(["added", "removed"])("that find a log %s don't count", async (how) => {
		const { at, onLog } = start(600, () => ({ [how]: CHANGE }));
		await passWith(2_000, () => onLog(HEAD));
		expect(at).toHaveLength(21);
	});

	it("of which one finds a change are one more", async () => {
		const { at, onLog } = start(600, (poll) => (poll === 5 ? { added: CHANGE } : {}));
		await passWith(2_000, () => onLog(HEAD));
		expect(at).toHaveLength(12);
	});

	it("that found many changes don't allow more than ten at once later", async () => {
		const { at, onLog } = start(600, (poll) => (poll <= 20 ? { added: CHANGE } : {}));
		await passWith(1_900, () => onLog(HEAD));
		expect(at).toHaveLength(20);
		await vi.advanceTimersByTimeAsync(60_000);
		await passWith(2_000, () => onLog(HEAD));
		expect(at).toHaveLength(30);
	});
});

describe("a log of a block that the polled node doesn't have yet", () => {
	it("is polled for after longer and longer pauses", async () => {
		const { at, onLog } = start(600, (poll) => ({ head: poll > 5 ? HEAD + 1 : HEAD }));
		onLog(HEAD + 1);
		await vi.advanceTimersByTimeAsync(100_000);
		expect(at).toEqual([0, 100, 200, 400, 800, 1_600]);
	});

	it("is no longer polled for once ten polls haven't found it", async () => {
		const { at, onLog } = start(600);
		onLog(HEAD + 1);
		await vi.advanceTimersByTimeAsync(500_000);
		// The pauses are long enough for more polls.
		expect(at.slice(0, 8)).toEqual([0, 100, 200, 400, 800, 1_600, 3_200, 6_400]);
		expect(at.length).toBeGreaterThan(8);
	});

	it("isn't forgotten because of a later announcement of an earlier one", async () => {
		const { at, onLog } = start(600, (poll) => ({ head: poll > 2 ? HEAD + 1 : HEAD }));
		onLog(HEAD + 1);
		onLog(HEAD - 1);
		await vi.advanceTimersByTimeAsync(100_000);
		expect(at).toEqual([0, 100, 200]);
	});

	it("is waited for as long as ever once it was found", async () => {
		const { at, onLog } = start(600, (poll) => ({ head: poll === 3 ? HEAD + 1 : poll > 4 ? HEAD + 2 : HEAD }));
		onLog(HEAD + 1);
		await vi.advanceTimersByTimeAsync(10_000);
		expect(at).toEqual([0, 100, 200]);
		onLog(HEAD + 2);
		await vi.advanceTimersByTimeAsync(10_000);
		expect(at).toEqual([0, 100, 200, 10_000, 10_100]);
	});
});
