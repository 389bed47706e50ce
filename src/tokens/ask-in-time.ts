/**
 * Calls to functions that the server's operator provides, such as one that looks up an issuer's keys.
 * @module
 */
import pTimeout from "p-timeout";
import { isOrgpassError, KeyError } from "../errors/errors.js";

/** Without a limit, a function that never settles would keep untrusted tokens in memory. */
const TIMEOUT_MS = 30_000;

/** Calls a function and waits at most 30 seconds; a failure or a timeout is an outage, not a refusal. */
export async function askInTime<Answer>(ask: () => Answer | PromiseLike<Answer>, subject: string): Promise<Answer> {
	try {
		const answer = ask();
		if (!isThenable(answer)) return answer;
		return await pTimeout(Promise.resolve(answer), { milliseconds: TIMEOUT_MS });
	} catch (cause) {
		if (isOrgpassError(cause)) throw cause;
		const message = `${subject} failed, or did not answer within ${TIMEOUT_MS} ms`;
		throw new KeyError("key/unreachable", message, { cause });
	}
}

function isThenable<Answer>(answer: Answer | PromiseLike<Answer>): answer is PromiseLike<Answer> {
	return typeof (answer as Partial<PromiseLike<Answer>> | null | undefined)?.then === "function";
}
