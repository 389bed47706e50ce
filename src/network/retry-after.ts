/** @module */

/** Returns the seconds that `Retry-After` asks to wait (RFC 9110 section 10.2.3), by the server's own clock. */
export function readRetryAfterSeconds(header: (name: string) => string | undefined): number | undefined {
	const retryAfter = header("retry-after") ?? "";
	if (/^\d+$/.test(retryAfter)) return Number(retryAfter);
	const date = Date.parse(header("date") ?? "");
	const seconds = (Date.parse(retryAfter) - (Number.isNaN(date) ? Date.now() : date)) / 1_000;
	return Number.isNaN(seconds) ? undefined : Math.max(seconds, 0);
}
