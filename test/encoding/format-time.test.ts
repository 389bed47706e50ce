import { describe, expect, it, vi } from "vitest";
import { formatDistance, formatTime, formatTimeAway } from "../../src/encoding/format-time.ts";

const NOW = 1_900_000_000;

describe("formatTime", () => {
	it.each<[number, string]>([
		[0, "1970-01-01T00:00:00Z"],
		[1.5, "1970-01-01T00:00:01.500Z"],
		[-1, "1969-12-31T23:59:59Z"],
		[8.64e12, "+275760-09-13T00:00:00Z"],
		[-8.64e12, "-271821-04-20T00:00:00Z"],
		[8.64e12 + 1, "8640000000001"],
		[-8.64e12 - 1, "-8640000000001"],
		[Number.NaN, "NaN"],
		[Number.POSITIVE_INFINITY, "Infinity"],
	])("formats %d as %s", (seconds, text) => {
		expect(formatTime(seconds)).toBe(text);
	});
});

describe("formatDistance", () => {
	it.each<[number, string]>([
		[0, "in 0s"],
		[59.9, "in 59s"],
		[60, "in 1m"],
		[3_599, "in 59m"],
		[3_600, "in 1h"],
		[86_399, "in 23h"],
		[86_400, "in 1d"],
		[400 * 86_400, "in 400d"],
		[-1, "1s ago"],
		[-60, "1m ago"],
		[-7_199, "1h ago"],
		[-86_400, "1d ago"],
	])("says of %d seconds: %s", (away, text) => {
		expect(formatDistance(NOW + away, NOW)).toBe(text);
		expect(formatTimeAway(NOW + away, NOW)).toBe(`${formatTime(NOW + away)} (${text})`);
	});

	it("counts from the present by default", () => {
		vi.useFakeTimers({ now: NOW * 1_000, toFake: ["Date"] });
		try {
			expect(formatTimeAway(NOW + 60)).toBe("2030-03-17T17:47:40Z (in 1m)");
		} finally {
			vi.useRealTimers();
		}
	});
});
