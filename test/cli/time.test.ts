import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDuration, parseTime } from "../../src/cli/time.ts";
import { formatTime } from "../../src/encoding/format-time.ts";

describe("parseDuration", () => {
	it.each([
		["30s", 30],
		["15m", 900],
		["24h", 86_400],
		["400d", 34_560_000],
		["90", 90],
		["0", 0],
	])("parses %s as %i seconds", (text, seconds) => {
		expect(parseDuration(text, "--ttl")).toBe(seconds);
	});

	it.each(["", "h", "1.5h", "-1h", "1w", "1H", " 1h", "1h ", "1h30m", "1e3", "٣٠s", "99999999999s"])(
		"rejects %j",
		(text) => {
			expect(() => parseDuration(text, "--ttl")).toThrow(
				expect.objectContaining({ code: "config/invalid-option", details: { option: "--ttl" } }),
			);
		},
	);
});

describe("parseTime", () => {
	it.each([
		["1", 1],
		["1800000000", 1_800_000_000],
		["2027-01-15", 1_799_971_200],
		["2027-01-15T08:00Z", 1_800_000_000],
		["2027-01-15T08:00:00Z", 1_800_000_000],
		["2027-01-15T08:00:00.999Z", 1_800_000_000],
		["2027-01-15T09:00:00+01:00", 1_800_000_000],
	])("parses %s as %i", (text, seconds) => {
		expect(parseTime(text, "--now")).toBe(seconds);
	});

	it.each([
		"",
		"now",
		"0",
		"1.5",
		"-1",
		"1970-01-01",
		"1960-01-01",
		"2027-02-30",
		"2027-1-5",
		"2027-13-01",
		"2027-01-15T08:00:00",
		"15.01.2027",
	])("rejects %j", (text) => {
		expect(() => parseTime(text, "--now")).toThrow(expect.objectContaining({ code: "config/invalid-option" }));
	});

	it("parses what formatTime writes", () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 99_999_999_999 }), (seconds) => {
				expect(parseTime(formatTime(seconds), "--now")).toBe(seconds);
				expect(parseTime(String(seconds), "--now")).toBe(seconds);
			}),
		);
	});
});
