/**
 * How far a server's clock is from ours, by the `Date` header of one of its answers.
 * @module
 */
import { invalidOption } from "../options/invalid-option.js";

/** A clock that is further off must be set, not corrected: a minter would date its tokens by a stranger's word. */
const MAX_OFFSET_SECONDS = 86_400;

/** Tells what to add to our clock to have the server's. */
export function offsetOf(serverDate: string, now: number): number {
	const date = new Date(serverDate);
	const seconds = date.getTime() / 1_000;
	// ECMA-262 writes IMF-fixdate, the one form a server may send (RFC 9110 5.6.7): all else differs from it.
	if (date.toUTCString() !== serverDate) {
		throw invalidOption("serverDate", 'a Date header, as in "Sun, 06 Nov 1994 08:49:37 GMT"', {
			got: serverDate,
		});
	}
	// The header counts whole seconds: half of one is the likeliest.
	const offset = seconds + 0.5 - now;
	if (Math.abs(offset) <= MAX_OFFSET_SECONDS) return Math.abs(offset) < 1 ? 0 : offset;
	const hours = Math.trunc(offset / 3_600);
	throw invalidOption(
		"serverDate",
		`at most a day from this machine's clock, got ${hours} hours: set the clock`,
	);
}
