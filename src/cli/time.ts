/**
 * Human-readable durations and times, and the options that take them.
 * @module
 */
import type { Option } from "commander";
import type { VerifierOptions } from "../auth/create-verifier.js";
import { formatDistance, SECONDS } from "../encoding/format-time.js";
import { invalidOption } from "../options/invalid-option.js";
import { parsed } from "./options.js";

/** The time options of the commands that verify tokens. */
export interface TimeLimitFlags {
	readonly maxLifetime?: number;
	readonly clockTolerance?: number;
	readonly now?: number;
}

const ISO_8601 = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

export const NOW_OPTION: Option = parsed(
	"--now <time>",
	"use this time instead of the clock (seconds or ISO 8601)",
	parseTime,
);

/** The options of {@link TimeLimitFlags}. */
export const TIME_LIMIT_OPTIONS: readonly Option[] = [
	parsed("--max-lifetime <duration>", "longest lifetime to accept; default 24h", parseDuration),
	parsed("--clock-tolerance <duration>", "tolerated difference between clocks; default 30s", parseDuration),
	NOW_OPTION,
];

/** Parses a duration to seconds. */
export function parseDuration(text: string, option: string): number {
	const match = /^(\d{1,10})([smhd]?)$/.exec(text);
	if (match === null) throw invalidOption(option, "a duration like 30s, 15m, 24h or 400d", { got: text });
	return Number(match[1]) * SECONDS[(match[2] || "s") as keyof typeof SECONDS];
}

/** Parses a time to seconds since the epoch. */
export function parseTime(text: string, option: string): number {
	if (/^[1-9]\d{0,10}$/.test(text)) return Number(text);
	const ms = ISO_8601.test(text) && isCalendarDay(text) ? Date.parse(text) : Number.NaN;
	if (ms >= 1_000) return Math.floor(ms / 1_000);
	throw invalidOption(option, "seconds since the epoch, more than 0, or ISO 8601 with a time zone", {
		got: text,
	});
}

export function nowSeconds(now: number | undefined): number {
	return now ?? Date.now() / 1_000;
}

/** Formats a time in the local time zone, and says how far away it is: `2030-01-01 01:00:00 GMT+1 (in 3d)`. */
export function formatLocalTime(seconds: number, now: number): string {
	const date = new Date(seconds * 1_000);
	if (Number.isNaN(date.getTime())) return String(seconds);
	// Swedish writes dates as ISO 8601 does.
	return `${date.toLocaleString("sv-SE", { timeZoneName: "short" })} (${formatDistance(seconds, now)})`;
}

/** A clock that always shows `--now`; undefined without that option. */
export function fixedClock(now: number | undefined): (() => number) | undefined {
	return now === undefined ? undefined : () => now;
}

/** Converts the options to those of a verifier. */
export function toTimeLimits({ maxLifetime, clockTolerance, now }: TimeLimitFlags): Omit<VerifierOptions, "profiles"> {
	return { maxLifetimeSeconds: maxLifetime, clockToleranceSeconds: clockTolerance, now: fixedClock(now) };
}

/** `Date.parse` reads February 30 as March 2. */
function isCalendarDay(text: string): boolean {
	const [year, month, day] = text.slice(0, 10).split("-").map(Number) as [number, number, number];
	return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}
