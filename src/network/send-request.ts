/**
 * Sends one request with `fetch`, for runtimes without Node's built-ins. The platform decodes the body, and the decoded
 * bytes are limited. Imported as `#send-request`.
 * @module
 */
import { assertDeclaredLength } from "./byte-collector.js";
import type { HttpRequest, HttpResponse } from "./http-message.js";
import { readStream } from "./read-stream.js";

/** The platform decodes the body, so these headers don't describe the bytes that arrive. */
const HIDDEN = new Set(["content-encoding", "transfer-encoding"]);
/** Options that Workers don't support and reject. */
const BROWSER_ONLY = { cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" } as const;

/** Sends a request without cookies or referrer. Redirects aren't followed; browsers report them as status 0. */
export async function sendRequest({ url, headers, body, signal }: HttpRequest): Promise<HttpResponse> {
	// Not every runtime has AbortSignal.any.
	const ending = new AbortController();
	const end = (): void => ending.abort(signal.reason);
	signal.addEventListener("abort", end, { once: true });
	if (signal.aborted) end();
	const supported = Object.entries(BROWSER_ONLY).filter(([name]) => name in Request.prototype);
	const sending = fetch(url, {
		...Object.fromEntries(supported),
		method: body === undefined ? "GET" : "POST",
		headers,
		body: body ?? null,
		redirect: "manual",
		signal: ending.signal,
	});
	const response = await sending.catch((error: unknown) => {
		throw signal.aborted ? signal.reason : withoutUrl(error, url);
	});
	return {
		status: response.status,
		header: (name) => (HIDDEN.has(name) ? undefined : (response.headers.get(name) ?? undefined)),
		readBody: async (maxBytes) => {
			assertDeclaredLength(response.headers.get("content-length") ?? undefined, maxBytes);
			return await readStream(response.body, maxBytes);
		},
		close: end,
	};
}

/** Some runtimes quote the URL in errors, and it may be secret. */
function withoutUrl(error: unknown, { href, origin }: URL): Error {
	const { message, code, cause } = error as { message?: unknown; code?: unknown; cause?: { code?: unknown } };
	const shown = new Error(String(message).replaceAll(href, origin));
	return Object.assign(shown, { code: code ?? cause?.code });
}
