/**
 * The origins that the page may ask. `orgpass inspector` sends them in a header. If there is no node yet, as on a static
 * host, the page sets them itself once the user has chosen them, and can't take that back.
 * @module
 */

/** Other hosts of URLs mean something else in a policy. */
const ORIGIN = /^https?:\/\/[a-z\d._-]+(?::\d+)?$/;

/** Returns the origins of URLs, which are separated by white space; throws if a policy can't name one. */
export function parseOrigins(urls: string): readonly string[] {
	return urls
		.split(/\s+/)
		.filter((url) => url !== "")
		.map((url) => {
			const origin = URL.parse(url)?.origin ?? "";
			if (ORIGIN.test(origin)) return origin;
			throw new Error(`${url} isn't the URL of a host, such as https://hotel.example`);
		});
}

/** From now on, the browser lets the page ask only these origins and its own. */
export function allowOnly(origins: readonly string[]): void {
	const policy = document.createElement("meta");
	policy.httpEquiv = "Content-Security-Policy";
	policy.content = `connect-src ${["'self'", ...origins].join(" ")}`;
	document.head.append(policy);
}
