/**
 * When a node may be asked again after it failed or limited the rate of requests. Only times are kept: no timer, and
 * nothing that a request waits for.
 * @module
 */

/**
 * How long a node rests after a failure if there are others; doubled after each further one. A node that fails again
 * soon after it recovered may only answer some calls, so that counts as a further one.
 */
const FIRST_REST_MS = 1_000;
const MAX_REST_MS = 30_000;

/** A node without alternative is asked as ever for so long, and then after pauses of a quarter of its outage. */
const PATIENCE_MS = 1_000;
const PATIENT_FAILURES = 3;
const MAX_PAUSE_MS = 3_000;

/** How long a node isn't asked that limits requests without saying for how long; doubled each time. */
const FIRST_LIMIT_MS = 80;
const MAX_LIMIT_MS = 30_000;
/** Longer times in `Retry-After` are cut. */
const MAX_RETRY_AFTER_MS = 300_000;

/** How long it takes another request to find out if the node recovered. */
const ATTEMPT_MS = 100;

/** What is known about a node's state. */
export interface NodeHealth {
	/** Whether it answered the last time. */
	isHealthy(): boolean;
	/** Whether it has rested for long enough to see if it recovered, while others answer. */
	isProbeDue(): boolean;
	/** Whether it may be asked if no node is healthy. */
	mayBeTried(): boolean;
	/** How long until it may be tried, as far as is known. */
	waitMs(): number;
	/** Consecutive failures. */
	failures(): number;
	/** Called before a request, which lasts at most `timeoutMs`: only one at a time finds out if the node recovered. */
	start(timeoutMs: number): StartedRequest;
	/** The node limits requests, and may have said when it takes the next one. */
	limit(retryAfterSeconds?: number): void;
}

/** Reports how a request ended. */
export interface StartedRequest {
	succeed(): void;
	fail(): void;
	/** Nothing was sent, or the response says nothing about the node's health. */
	cancel(): void;
}

export function createNodeHealth(): NodeHealth {
	let failures = 0;
	let failingSince = 0;
	let failedAt = 0;
	let rests = 0;
	let restsUntil = 0;
	let recoveredAt = Number.NEGATIVE_INFINITY;
	let pausesUntil = 0;
	let limits = 0;
	let limitedUntil = 0;
	let triedUntil = 0;
	const now = (): number => performance.now();

	return { isHealthy, isProbeDue, mayBeTried, waitMs, failures: () => failures, start, limit };

	function isHealthy(): boolean {
		return failures === 0 && limits === 0;
	}

	function isProbeDue(): boolean {
		return !isHealthy() && now() >= Math.max(restsUntil, limitedUntil, triedUntil);
	}

	function mayBeTried(): boolean {
		return now() >= triableAt();
	}

	function triableAt(): number {
		const isPatient = failures < PATIENT_FAILURES || failedAt - failingSince < PATIENCE_MS;
		if (isPatient && limits === 0) return 0;
		return Math.max(pausesUntil, limitedUntil, triedUntil);
	}

	function waitMs(): number {
		const wait = Math.max(pausesUntil, limitedUntil) - now();
		return wait > 0 ? wait : ATTEMPT_MS;
	}

	function start(timeoutMs: number): StartedRequest {
		const startedAt = now();
		if (!isHealthy()) triedUntil = startedAt + timeoutMs;
		return { succeed, fail: () => fail(startedAt), cancel };
	}

	function succeed(): void {
		if (failures > 0) recoveredAt = now();
		failures = 0;
		if (now() >= limitedUntil) limits = 0;
		triedUntil = 0;
	}

	function cancel(): void {
		triedUntil = 0;
	}

	/** Concurrent requests fail together and count once. */
	function fail(startedAt: number): void {
		triedUntil = 0;
		if (failures > 0 && startedAt < failedAt) return;
		if (failures === 0) failingSince = startedAt;
		failedAt = now();
		rests = failures === 0 && failedAt - recoveredAt > MAX_REST_MS ? 1 : rests + 1;
		failures += 1;
		restsUntil = failedAt + jitter(Math.min(FIRST_REST_MS * 2 ** (rests - 1), MAX_REST_MS));
		pausesUntil = failedAt + jitter(Math.min((failedAt - failingSince) / 4, MAX_PAUSE_MS));
	}

	/** No request is sent during a limit, so what arrives then belongs to requests that were sent before. */
	function limit(retryAfterSeconds = 0): void {
		if (now() >= limitedUntil) limits += 1;
		triedUntil = 0;
		const requested = Math.min(retryAfterSeconds * 1_000, MAX_RETRY_AFTER_MS);
		const backoff = jitter(Math.min(FIRST_LIMIT_MS * 2 ** (limits - 1), MAX_LIMIT_MS));
		limitedUntil = Math.max(limitedUntil, now() + (requested > 0 ? requested + jitter(requested / 10) : backoff));
	}
}

/** Between half and all of a duration, so that many clients don't return at once. */
function jitter(ms: number): number {
	return ms * (0.5 + Math.random() / 2);
}
