/**
 * A scale on which minutes and years are both visible: times are placed by the logarithm of their distance from now.
 * @module
 */

/** Places times on a line. */
export interface TimeScale {
	/** Returns where a time is, from 0 to 100; those beyond the ends are at the ends. */
	place(time: number): number;
	/** What to write at which time. */
	readonly ticks: readonly { readonly time: number; readonly label: string }[];
}

/** Within this distance from now, the scale is linear. */
const LINEAR_SECONDS = 60;
/** Times further away than a hundred years stretch no scale. */
const MAX_SECONDS = 3.2e9;
/** At least this much is shown before and after now. */
const MIN_SECONDS = 600;
/** The empty ends, as parts of the whole. */
const MARGIN = 0.07;
/** The distance between two labels, at least. */
const TICK_DISTANCE = 15;
const HOUR = 3_600;
const DAY = 24 * HOUR;

/** The most important first. */
const TICKS: readonly (readonly [label: string, seconds: number])[] = [
	["1d", DAY],
	["1h", HOUR],
	["1y", 365 * DAY],
	["30d", 30 * DAY],
	["1m", 60],
	["10y", 3_650 * DAY],
	["10m", 600],
	["7d", 7 * DAY],
	["6h", 6 * HOUR],
	["100d", 100 * DAY],
];

/** Creates a scale that shows the times given and now. */
export function createTimeScale(times: readonly number[], now: number): TimeScale {
	const distances = times.map((time) => time - now).filter((distance) => Math.abs(distance) <= MAX_SECONDS);
	const first = compress(distances.reduce((least, distance) => Math.min(least, distance), -MIN_SECONDS));
	const last = compress(distances.reduce((most, distance) => Math.max(most, distance), MIN_SECONDS));
	const margin = (last - first) * MARGIN;
	const place = (time: number): number => {
		const part = (compress(time - now) - first + margin) / (last - first + 2 * margin);
		return Math.min(1, Math.max(0, part)) * 100;
	};
	return { place, ticks: chooseTicks(place, now) };
}

/** Keeps the sign; at first about linear, then logarithmic. */
function compress(distance: number): number {
	return Math.sign(distance) * Math.log1p(Math.abs(distance) / LINEAR_SECONDS);
}

/** As many as there is space for. */
function chooseTicks(place: TimeScale["place"], now: number): TimeScale["ticks"] {
	const chosen = [{ time: now, label: "now" }];
	const candidates = TICKS.flatMap(([label, seconds]) => [
		{ time: now - seconds, label: `${label} ago` },
		{ time: now + seconds, label: `in ${label}` },
	]);
	for (const tick of candidates) {
		const at = place(tick.time);
		const isFree = chosen.every(({ time }) => Math.abs(place(time) - at) >= TICK_DISTANCE);
		if (isFree && at > MARGIN * 100 && at < 100 - MARGIN * 100) chosen.push(tick);
	}
	return chosen;
}
