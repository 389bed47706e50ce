import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createVerifierClock } from "../../src/auth/verifier-clock.ts";

const START_MS = 1_800_000_000_000;

/** Sets the system's clock, and the monotonic one, to so many seconds after the start. */
function setClocks(system: number, monotonic: number): void {
	vi.spyOn(Date, "now").mockReturnValue(START_MS + system * 1_000);
	vi.spyOn(performance, "now").mockReturnValue(5_000 + monotonic * 1_000);
}

let clock: () => number;
beforeEach(() => {
	setClocks(0, 0);
	clock = createVerifierClock();
});
afterEach(() => void vi.restoreAllMocks());

/** Seconds since the start. */
const read = (): number => clock() - START_MS / 1_000;

it("is the system's clock while that goes on", () => {
	for (const seconds of [0, 0.5, 10]) {
		setClocks(seconds, seconds);
		expect(read()).toBe(seconds);
	}
});

it("goes on with the monotonic clock while the system's stands still or was set back", () => {
	setClocks(-3_600, 7);
	expect(read()).toBe(7);
	setClocks(20, 8);
	expect(read()).toBe(20);
});

it("remembers up to two minutes by which the machine slept, if the clock is set back after that", () => {
	setClocks(120, 0);
	expect(read()).toBe(120);
	setClocks(0, 0);
	expect(read()).toBe(120);
});

it("forgets a larger jump, which may have been a mistake, once it is corrected", () => {
	setClocks(120.5, 0);
	expect(read()).toBe(120.5);
	setClocks(0, 1);
	expect(read()).toBe(1);
});
