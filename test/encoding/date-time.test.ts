import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDateTime, parseDateTime } from "../../src/encoding/date-time.ts";

describe("parseDateTime", () => {
	it.each<[string, number]>([
		["1970-01-01T00:00:00Z", 0],
		["2026-11-20T18:31:42.491+00:00", 1795199502.491],
		["2026-11-20T20:31:42.491+02:00", 1795199502.491],
		["2026-11-20T13:01:42-05:30", 1795199502],
		["2024-02-29T23:59:59.999999999Z", 1709251199.999],
		["0001-01-01T00:00:00Z", -62135596800],
	])("parses %s", (text, seconds) => {
		expect(parseDateTime(text)).toBe(seconds);
	});

	it.each<unknown>([
		...["", "2024", "2024-01-01", "2024-01-01T00:00Z", "2024-01-01T00:00:00", "2024-01-01 00:00:00Z"],
		...["2024-01-01t00:00:00Z", "2024-01-01T00:00:00z", "2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z"],
		...["2024-00-01T00:00:00Z", "2024-01-32T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z"],
		...["2016-12-31T23:59:60Z", "2024-01-01T00:00:00+24:00", "2024-01-01T00:00:00+00:60"],
		...["2024-01-01T00:00:00.Z", "2024-01-01T00:00:00.0000000000Z", " 2024-01-01T00:00:00Z"],
		...["2024-01-01T00:00:00Z\n", "+002024-01-01T00:00:00Z", "Mon, 01 Jan 2024 00:00:00 GMT", "never"],
		...[1_700_000_000, null, undefined, ["2024-01-01T00:00:00Z"], {}, "\u0662024-01-01T00:00:00Z"],
		`2024-01-01T00:00:00.${"0".repeat(1_000_000)}Z`,
	])("returns undefined for %j", (text) => {
		expect(parseDateTime(text)).toBeUndefined();
	});

	it("parses what formatDateTime writes", () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 253_402_300_799_999 }), (ms) => {
				expect(parseDateTime(formatDateTime(ms / 1_000))).toBe(ms / 1_000);
			}),
		);
	});
});
