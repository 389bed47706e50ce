/**
 * Durations and times as people type them.
 * @module
 */
import { invalidOption } from "../options/invalid-option.js";

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;
/** The end of JavaScript's calendar. */
const MAX_DATE_SECONDS = 8.64e12;
const ISO_8601 = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

/** Reads a duration. */
export function parseDuration(text: string, option: string): number {
	const match = /^(\d{1,10})([smhd]?)$/.exec(text);
	if (match === null) throw invalidOption(option, "a duration like 30s, 15m, 24h or 400d", { got: text });
	return Number(match[1]) * SECONDS[(match[2] || "s") as keyof typeof SECONDS];
}

/** Reads a point in time. */
export function parseTime(text: string, option: string): number {
	if (/^[1-9]\d{0,10}$/.test(text)) return Number(text);
	const ms = ISO_8601.test(text) && isDay(text) ? Date.parse(text) : Number.NaN;
	if (!(ms >= 1_000))
		throw invalidOption(option, "seconds since the epoch, more than 0, or ISO 8601 with its zone", {
			got: text,
		});
	return Math.floor(ms / 1_000);
}

/** Reads the time it is, or is to be. */
export function readNow(text: string | undefined): number {
	return text === undefined ? Date.now() / 1_000 : parseTime(text, "--now");
}

/** Makes the clock that `--now` asks for. */
export function createClock(text: string | undefined): (() => number) | undefined {
	if (text === undefined) return undefined;
	const seconds = parseTime(text, "--now");
	return () => seconds;
}

/** The flags about time of the commands that verify tokens. */
export interface TimeLimitFlags {
	readonly maxLifetime?: string;
	readonly clockTolerance?: string;
	readonly now?: string;
}

/** Reads them. */
export function readTimeLimits({ maxLifetime, clockTolerance, now }: TimeLimitFlags): {
	readonly maxLifetimeSeconds: number | undefined;
	readonly clockToleranceSeconds: number | undefined;
	readonly now: (() => number) | undefined;
} {
	return {
		maxLifetimeSeconds: maxLifetime === undefined ? undefined : parseDuration(maxLifetime, "--max-lifetime"),
		clockToleranceSeconds:
			clockTolerance === undefined ? undefined : parseDuration(clockTolerance, "--clock-tolerance"),
		now: createClock(now),
	};
}

/** Writes a point in time for people. */
export function formatTime(seconds: number): string {
	if (seconds > MAX_DATE_SECONDS) return String(seconds);
	return new Date(seconds * 1_000).toISOString().replace(".000Z", "Z");
}

/** `Date.parse` takes the 30th of February for the 2nd of March. */
function isDay(text: string): boolean {
	const [year, month, day] = text.slice(0, 10).split("-").map(Number) as [number, number, number];
	return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}
