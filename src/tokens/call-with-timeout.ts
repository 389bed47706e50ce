/**
 * Calls to functions that the server's operator provides, such as one that looks up an issuer's keys.
 * @module
 */
import pTimeout from "p-timeout";
import { type Awaitable, isThenable } from "../encoding/awaitable.js";
import { isOrgpassError, KeyError } from "../errors/errors.js";

/** Without a limit, a function that never settles would keep untrusted tokens in memory. */
const TIMEOUT_MS = 30_000;

/** Calls a function and waits at most 30 seconds; a failure or a timeout is an outage, not a refusal. */
export function callWithTimeout<Result>(call: () => Awaitable<Result>, subject: string): Result | Promise<Result> {
	try {
		const result = call();
		if (!isThenable(result)) return result;
		return pTimeout(Promise.resolve(result), { milliseconds: TIMEOUT_MS }).catch(rethrow);
	} catch (error) {
		return rethrow(error);
	}

	function rethrow(cause: unknown): never {
		if (isOrgpassError(cause)) throw cause;
		const message = `${subject} failed, or did not respond within ${TIMEOUT_MS} ms`;
		throw new KeyError("key/unreachable", message, { cause });
	}
}
