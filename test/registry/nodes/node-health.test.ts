import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createNodeHealth, type NodeHealth } from "../../../src/registry/nodes/node-health.ts";

const TIMEOUT_MS = 2_500;

let health: NodeHealth;
beforeEach(() => {
	vi.useFakeTimers({ toFake: ["performance"], now: 0 });
	pass(3_600_000);
	// The longest of the times that are chosen at random.
	vi.spyOn(Math, "random").mockReturnValue(1);
	health = createNodeHealth();
});
afterEach(() => {
	vi.useRealTimers();
	vi.restoreAllMocks();
});

const pass = (ms: number): void => void vi.advanceTimersByTime(ms);
const fail = (): void => health.start(TIMEOUT_MS).fail();
const succeed = (): void => health.start(TIMEOUT_MS).succeed();

/** How many milliseconds it takes until a condition holds; Infinity for more than ten minutes. */
function timeUntil(condition: () => boolean): number {
	for (let ms = 0; ms <= 600_000; ms += 10) {
		if (condition()) return ms;
		pass(10);
	}
	return Infinity;
}

describe("a node", () => {
	it("is healthy before its first request and after each that succeeds", () => {
		expect(health.isHealthy()).toBe(true);
		expect(health.failures()).toBe(0);
		expect(health.isProbeDue()).toBe(false);
		expect(health.mayBeTried()).toBe(true);
		fail();
		expect(health.isHealthy()).toBe(false);
		expect(health.failures()).toBe(1);
		succeed();
		expect(health.isHealthy()).toBe(true);
		expect(health.failures()).toBe(0);
	});

	it("that fails rests for a second, and twice as long after each further failure, half a minute at most", () => {
		const rests: number[] = [];
		for (let failure = 0; failure < 8; failure++) {
			fail();
			rests.push(timeUntil(health.isProbeDue));
		}
		expect(rests).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
	});

	it("rests for half as long if chance wants it so", () => {
		vi.spyOn(Math, "random").mockReturnValue(0);
		fail();
		expect(timeUntil(health.isProbeDue)).toBe(500);
	});

	it("T52: that only answers some calls rests longer and longer", () => {
		const rests: number[] = [];
		for (let failure = 0; failure < 4; failure++) {
			fail();
			rests.push(timeUntil(health.isProbeDue));
			succeed();
		}
		expect(rests).toEqual([1_000, 2_000, 4_000, 8_000]);
	});

	it("that has answered for more than half a minute rests for a second again", () => {
		fail();
		pass(1_000);
		fail();
		succeed();
		pass(30_000);
		fail();
		expect(timeUntil(health.isProbeDue)).toBe(4_000);
		succeed();
		pass(30_001);
		succeed();
		fail();
		expect(timeUntil(health.isProbeDue)).toBe(1_000);
	});

	it("whose simultaneous requests fail has failed once", () => {
		const requests = [0, 1, 2].map(() => health.start(TIMEOUT_MS));
		pass(10);
		for (const request of requests) request.fail();
		expect(health.failures()).toBe(1);
		fail();
		expect(health.failures()).toBe(2);
	});

	it("that has recovered fails again because of a request from before", () => {
		const earlier = health.start(TIMEOUT_MS);
		pass(10);
		fail();
		succeed();
		earlier.fail();
		expect(health.failures()).toBe(1);
	});
});

describe("a node without alternative", () => {
	it("may be tried for a second and three failures, then after a quarter of its outage, three seconds at most", () => {
		const pauses: number[] = [];
		for (let failure = 0; failure < 9; failure++) {
			fail();
			pauses.push(timeUntil(health.mayBeTried));
			pass(600);
		}
		// The outage lasts 1,200 ms at the third failure.
		expect(pauses).toEqual([0, 0, 300, 530, 810, 1_160, 1_600, 2_150, 2_840]);
		pass(60_000);
		fail();
		expect(timeUntil(health.mayBeTried)).toBe(3_000);
	});

	it("may be tried after two failures, however far apart", () => {
		fail();
		pass(60_000);
		fail();
		expect(health.mayBeTried()).toBe(true);
	});

	it("pauses after the third failure if the outage lasts a second", () => {
		for (const ms of [0, 500, 500]) {
			pass(ms);
			fail();
		}
		expect(timeUntil(health.mayBeTried)).toBe(250);
	});

	it("may be tried after any number of failures within a second", () => {
		for (let failure = 0; failure < 20; failure++) {
			fail();
			pass(1);
		}
		expect(health.mayBeTried()).toBe(true);
		pass(1_000);
		fail();
		expect(health.mayBeTried()).toBe(false);
	});

	it("isn't tried by two requests at once after an outage, unless one takes longer than its time limit", () => {
		for (let failure = 0; failure < 4; failure++) {
			fail();
			pass(600);
		}
		timeUntil(health.mayBeTried);
		const trying = health.start(TIMEOUT_MS);
		expect(health.mayBeTried()).toBe(false);
		expect(health.isProbeDue()).toBe(false);
		expect(timeUntil(health.mayBeTried)).toBe(TIMEOUT_MS);
		health.start(TIMEOUT_MS);
		trying.cancel();
		expect(health.mayBeTried()).toBe(true);
		health.start(TIMEOUT_MS).succeed();
		expect(health.mayBeTried()).toBe(true);
	});

	it("tells how long it can't be tried, or a tenth of a second if that isn't known", () => {
		expect(health.waitMs()).toBe(100);
		fail();
		pass(4_000);
		for (let failure = 0; failure < 2; failure++) fail();
		expect(health.waitMs()).toBe(1_000);
		pass(400);
		expect(health.waitMs()).toBe(600);
		pass(600);
		expect(health.waitMs()).toBe(100);
	});
});

describe("T87: a node that limits requests", () => {
	it("isn't asked before the time that it says, or a tenth of that later", () => {
		health.limit(20);
		expect(health.isHealthy()).toBe(false);
		expect(health.waitMs()).toBe(22_000);
		expect(timeUntil(health.mayBeTried)).toBe(22_000);
		expect(health.isProbeDue()).toBe(true);
		expect(health.isHealthy()).toBe(false);
		succeed();
		expect(health.isHealthy()).toBe(true);
	});

	it("is believed for five minutes at most", () => {
		health.limit(86_400);
		expect(timeUntil(health.mayBeTried)).toBe(330_000);
	});

	it("without saying for how long is asked less and less often, after half a minute at most", () => {
		const pauses: number[] = [];
		for (let limit = 0; limit < 11; limit++) {
			health.limit(limit % 2 === 0 ? undefined : 0);
			pauses.push(timeUntil(health.mayBeTried));
		}
		expect(pauses).toEqual([80, 160, 320, 640, 1_280, 2_560, 5_120, 10_240, 20_480, 30_000, 30_000]);
	});

	it("is limited once by several responses, and for the longest time", () => {
		health.limit();
		health.limit();
		health.limit();
		expect(timeUntil(health.mayBeTried)).toBe(80);
		health.limit();
		expect(timeUntil(health.mayBeTried)).toBe(160);
		health.limit(10);
		health.limit(2);
		expect(timeUntil(health.mayBeTried)).toBe(11_000);
	});

	it("isn't healthy because of a response to an earlier request", () => {
		const earlier = health.start(TIMEOUT_MS);
		health.limit(10);
		earlier.succeed();
		expect(health.isHealthy()).toBe(false);
		expect(timeUntil(health.mayBeTried)).toBe(11_000);
	});

	it("may be tried at once by others after the request that it limited", () => {
		health.limit(1);
		timeUntil(health.mayBeTried);
		health.start(60_000);
		health.limit(1);
		expect(timeUntil(health.mayBeTried)).toBe(1_100);
	});
});
