/** @module */

const UNITS = { d: 86_400, h: 3_600, m: 60, s: 1 } as const;

/** The names of facts, claims and arguments that are times, in seconds since the epoch. */
export const TIMES: ReadonlySet<string> = new Set([
	...["iat", "nbf", "exp"],
	...["validFrom", "validUntil", "addedAt", "revokedAt", "blockTimestamp"],
]);

/** Formats a time in the local time zone, and says how far away it is. */
export function formatLocalTime(seconds: number, now: number): string {
	const date = new Date(seconds * 1_000);
	if (Number.isNaN(date.getTime())) return String(seconds);
	// Swedish writes dates as ISO 8601 does.
	return `${date.toLocaleString("sv-SE", { timeZoneName: "short" })} (${formatDistance(seconds, now)})`;
}

function formatDistance(seconds: number, now: number): string {
	const away = Math.abs(seconds - now);
	const unit = (["d", "h", "m"] as const).find((name) => away >= UNITS[name]) ?? "s";
	const amount = `${Math.floor(away / UNITS[unit])}${unit}`;
	return seconds >= now ? `in ${amount}` : `${amount} ago`;
}
