/**
 * When the next poll begins, and how long it may take.
 * @module
 */
import type { OrgpassError } from "../../errors/errors.js";
import { RATE_LIMITS } from "../../registry/call-error.js";

const MIN_TIMEOUT_MS = 1_000;
const MAX_TIMEOUT_MS = 5_000;
const MAX_BACKOFF_MS = 60_000;
const TOO_MANY_REQUESTS = 429;

/** Limits the time of polls. */
export interface PollTimeout {
	run<T>(poll: (timeoutMs: number) => Promise<T>): Promise<T>;
}

/** A short outage must not block a long poll, so the limit follows how long the node takes. */
export function createPollTimeout(pollingSeconds: number): PollTimeout {
	const shortest = clamp(pollingSeconds * 1_000, MIN_TIMEOUT_MS, MAX_TIMEOUT_MS);
	let limit = shortest;
	return {
		async run(poll) {
			const startedAt = performance.now();
			try {
				const result = await poll(limit);
				limit = clamp(2 * (performance.now() - startedAt), shortest, MAX_TIMEOUT_MS);
				return result;
			} catch (error) {
				limit = Math.min(2 * limit, MAX_TIMEOUT_MS);
				throw error;
			}
		},
	};
}

/** After a failure, the node is asked as often as before, so that its recovery is noticed, unless it limits the rate. */
export function backoffMs(pollingSeconds: number, failures: number, { details }: OrgpassError): number {
	const { status, rpcCode, retryAfterSeconds } = details;
	const usual = pollingSeconds * 1_000;
	if (status !== TOO_MANY_REQUESTS && !RATE_LIMITS.has(rpcCode)) return usual;
	const growing = Math.min(usual * 2 ** failures, Math.max(MAX_BACKOFF_MS, usual));
	const requested = typeof retryAfterSeconds === "number" ? retryAfterSeconds * 1_000 : 0;
	return Math.max(growing * (1 + Math.random() / 4), requested);
}

function clamp(value: number, min: number, max: number): number {
	return Math.min(Math.max(value, min), max);
}
