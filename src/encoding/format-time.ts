/** @module */

/** The latest time that a `Date` can hold; the earliest is its negative. */
const MAX_DATE_SECONDS = 8.64e12;
/** Seconds in each unit of a duration. */
export const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** Formats a time as ISO 8601. */
export function formatTime(seconds: number): string {
	if (!(Math.abs(seconds) <= MAX_DATE_SECONDS)) return String(seconds);
	return new Date(seconds * 1_000).toISOString().replace(".000Z", "Z");
}

/** Formats a time as ISO 8601, and says how far away it is: `2030-01-01T00:00:00Z (in 3d)`. */
export function formatTimeAway(seconds: number, now: number = Date.now() / 1_000): string {
	return `${formatTime(seconds)} (${formatDistance(seconds, now)})`;
}

/** Says how far away a time is: `in 3d`, `5m ago`. */
export function formatDistance(seconds: number, now: number): string {
	const away = Math.abs(seconds - now);
	const unit = (["d", "h", "m"] as const).find((name) => away >= SECONDS[name]) ?? "s";
	const amount = `${Math.floor(away / SECONDS[unit])}${unit}`;
	return seconds >= now ? `in ${amount}` : `${amount} ago`;
}
