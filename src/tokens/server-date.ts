/**
 * How far a server's clock is from this machine's, judged by the `Date` header of one of its responses.
 * @module
 */
import { formatValue } from "../errors/format-value.js";
import { invalidOption } from "../options/invalid-option.js";

/** A larger difference needs a correct clock, not a correction: the header isn't trustworthy enough for that. */
const MAX_OFFSET_SECONDS = 86_400;

/** Returns the seconds to add to this machine's clock `now` to get the server's. */
export function clockOffset(serverDate: string, now: number): number {
	const date = new Date(serverDate);
	// toUTCString writes IMF-fixdate, the only form a server may send (RFC 9110 section 5.6.7).
	if (date.toUTCString() !== serverDate) {
		throw invalidOption(
			"serverDate",
			`a Date header, as "Sun, 06 Nov 1994 08:49:37 GMT", got ${formatValue(serverDate)}`,
		);
	}
	// The header has whole seconds; half a second more is the best estimate.
	const offset = date.getTime() / 1_000 + 0.5 - now;
	if (Math.abs(offset) <= MAX_OFFSET_SECONDS) return Math.abs(offset) < 1 ? 0 : offset;
	const hours = Math.trunc(offset / 3_600);
	throw invalidOption(
		"serverDate",
		`at most a day from this machine's clock, got ${hours} hours: set the clock`,
	);
}
