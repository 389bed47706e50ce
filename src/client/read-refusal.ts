/**
 * What a response says about a request that was refused.
 * @module
 */
import pTimeout from "p-timeout";
import { isJsonObject, parseJson } from "../encoding/json.js";
import { readStream } from "../network/read-stream.js";

const MAX_BODY_BYTES = 16_384;
const BODY_TIMEOUT_MS = 5_000;

/**
 * Reads the error code from the challenge (RFC 6750) or the problem details (RFC 9457), which browsers can read even if
 * CORS hides the challenge. The response's own body isn't consumed.
 */
export async function readRefusalCode(response: Response): Promise<string | undefined> {
	const challenge = response.headers.get("www-authenticate") ?? "";
	const described = /\berror_description="([a-z]+\/[a-z-]+)"/.exec(challenge)?.[1];
	if (described !== undefined) return described;
	if (!response.headers.get("content-type")?.startsWith("application/problem+json")) return undefined;
	const ending = new AbortController();
	try {
		const through = new TransformStream<Uint8Array, Uint8Array>();
		const body = response.clone().body?.pipeThrough(through, { signal: ending.signal }) ?? null;
		const reading = readStream(body, MAX_BODY_BYTES);
		const bytes = await pTimeout(reading, { milliseconds: BODY_TIMEOUT_MS });
		const problem = parseJson(new TextDecoder().decode(bytes));
		const code = isJsonObject(problem) ? problem["code"] : undefined;
		return typeof code === "string" ? code : undefined;
	} catch {
		return undefined;
	} finally {
		// Otherwise the connection would stay open, even if the caller cancels the body.
		ending.abort();
	}
}
