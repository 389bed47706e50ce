/**
 * Measures the offset between a server's clock and this machine's from a `Date` header.
 * @module
 */
import { invalidOption } from "../options/invalid-option.js";

/** A header isn't trustworthy enough for a larger correction: the clock must be set. */
const MAX_OFFSET_SECONDS = 86_400;

/** Returns the seconds to add to this machine's clock `now` to get the server's. */
export function clockOffset(serverDate: string, now: number): number {
	const date = new Date(serverDate);
	// toUTCString writes IMF-fixdate, the only form a server may send (RFC 9110 section 5.6.7).
	if (date.toUTCString() !== serverDate) {
		const expected = 'a Date header, such as "Sun, 06 Nov 1994 08:49:37 GMT"';
		throw invalidOption("serverDate", expected, { got: serverDate });
	}
	// The header has whole seconds; half a second more is the best estimate.
	const offset = date.getTime() / 1_000 + 0.5 - now;
	if (Math.abs(offset) <= MAX_OFFSET_SECONDS) return Math.abs(offset) < 1 ? 0 : offset;
	const hours = Math.trunc(offset / 3_600);
	const expected = "at most a day from this machine's clock";
	throw invalidOption("serverDate", `${expected}, got ${hours} hours: set the clock`);
}
