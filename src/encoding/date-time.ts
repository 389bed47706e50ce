/**
 * Dates in documents: strict RFC 3339, so that no two readers see different times.
 * @module
 */

/** The last second of the year 9999, the maximum in RFC 3339. Larger numbers are in milliseconds. */
export const MAX_EPOCH_SECONDS = 253_402_300_799;
const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:Z|([+-])(\d{2}):(\d{2}))$/;

/** Parses an RFC 3339 date-time (section 5.6, without leap seconds) as seconds since the epoch. */
export function parseDateTime(text: unknown): number | undefined {
	const match = typeof text === "string" ? DATE_TIME.exec(text) : null;
	if (match === null) return undefined;
	const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
	const [, , , , , , , fraction = "", sign, offsetHours = 0, offsetMinutes = 0] = match;
	if (hour > 23 || minute > 59 || second > 59) return undefined;
	if (Number(offsetHours) > 23 || Number(offsetMinutes) > 59) return undefined;
	const date = new Date(0);
	date.setUTCFullYear(year, month - 1, day);
	// A day that the month doesn't have is one of another month.
	if (date.getUTCMonth() !== month - 1) return undefined;
	date.setUTCHours(hour, minute, second, Number(fraction.padEnd(3, "0").slice(0, 3)));
	const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60;
	return date.getTime() / 1_000 + (sign === "-" ? offset : -offset);
}

/** Formats a time as in documents, always with milliseconds. */
export function formatDateTime(seconds: number): string {
	return new Date(Math.round(seconds * 1_000)).toISOString();
}
