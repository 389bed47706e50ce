/** @module */
import { invalidOption } from "../options/invalid-option.js";

/** What a Content-Security-Policy can name; URLs may have hosts with `;`, `,` or `*`, which mean something else there. */
const ORIGIN = /^(?:https?|wss?):\/\/[a-z\d._-]+(?::\d+)?$/;

/** Returns the origin of an option's URL, for a page's policy. Doesn't repeat the URL: it may contain a key. */
export function toPageOrigin(url: string, option: string): string {
	const origin = URL.parse(url)?.origin;
	if (origin !== undefined && ORIGIN.test(origin)) return origin;
	throw invalidOption(option, "an origin such as https://hotel.example, with a host of letters, digits, -, _ and .");
}
