/**
 * Questions to functions that the server's operator gave: about an issuer's keys, or whether to trust it.
 * @module
 */
import pTimeout from "p-timeout";
import { isOrgpassError, KeyError } from "../errors/errors.js";

/** A function that never answers must not keep strangers' tokens in memory. */
const TIMEOUT_MS = 30_000;

/** Asks, and waits half a minute for the answer. One that can't be had is an outage, no refusal. */
export async function askInTime<Answer>(
	ask: () => Answer | PromiseLike<Answer>,
	subject: string,
): Promise<Answer> {
	try {
		const answer = ask();
		if (!isThenable(answer)) return answer;
		return await pTimeout(Promise.resolve(answer), { milliseconds: TIMEOUT_MS });
	} catch (cause) {
		if (isOrgpassError(cause)) throw cause;
		throw new KeyError("key/unreachable", `${subject} failed, or did not answer within ${TIMEOUT_MS} ms`, {
			cause,
		});
	}
}

function isThenable<Answer>(answer: Answer | PromiseLike<Answer>): answer is PromiseLike<Answer> {
	return typeof (answer as Partial<PromiseLike<Answer>> | null | undefined)?.then === "function";
}
