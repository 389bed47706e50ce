/** @module */
import { formatValue, PolicyError } from "../../errors/errors.js";
import { assertOptions } from "../../options/assert-options.js";
import { objectWith } from "../../options/schemas.js";
import type { VerifiedToken } from "../../tokens/verified-token.js";
import { partyOf } from "../party.js";
import { markCounting } from "./counting-policy.js";

/** A limiter of rate-limiter-flexible, in memory, Redis or any other store. */
export interface RateLimiter {
	/**
	 * Takes a point from the key's budget. If none is left, it rejects with an object whose `msBeforeNext` says when
	 * there is one again; with anything else if the store fails.
	 */
	consume(key: string): Promise<unknown>;
}

/** A limiter's rejection when the budget is used up. */
interface Exceeded {
	readonly msBeforeNext: number;
}

/**
 * Creates a policy that limits the number of requests of each organization, whichever of its keys it uses. Give it as
 * the last policy, so that only requests that the others accept are counted.
 *
 * @example
 * ```ts
 * import { limitRate } from "orgpass/auth";
 * import { RateLimiterMemory } from "rate-limiter-flexible";
 *
 * const policy = limitRate(new RateLimiterMemory({ points: 1, duration: 60 }));
 * const token = { profile: "github-app", issuer: "7", keyId: "", claims: {}, scopes: [] };
 * await policy(token);
 * await policy(token).catch((error) => error.code); // => "policy/rate"
 * ```
 * @param limiter a limiter of rate-limiter-flexible, or an object with such a method `consume`
 * @returns the policy; it rejects with `policy/rate` (HTTP 429) and `retryAfterSeconds` in `details`, or with
 * `policy/unavailable` (HTTP 503) if the limiter fails
 * @throws {ConfigError} `config/invalid-option`
 */
export function limitRate(limiter: RateLimiter): (token: VerifiedToken) => Promise<void> {
	assertOptions(objectWith("consume"), limiter, "limitRate");
	return markCounting(assertRate);

	async function assertRate(token: VerifiedToken): Promise<void> {
		try {
			await limiter.consume(partyOf(token));
		} catch (cause) {
			throw toRateError(token, cause);
		}
	}
}

function toRateError({ issuer }: VerifiedToken, cause: unknown): PolicyError {
	if (!isExceeded(cause)) return new PolicyError("policy/unavailable", "the rate limiter failed", { cause });
	const retryAfterSeconds = Math.max(1, Math.ceil(cause.msBeforeNext / 1_000));
	const message = `too many requests of ${formatValue(issuer)}: the next one in ${retryAfterSeconds} seconds`;
	return new PolicyError("policy/rate", message, { details: { retryAfterSeconds } });
}

function isExceeded(cause: unknown): cause is Exceeded {
	if (typeof cause !== "object" || cause === null || cause instanceof Error) return false;
	return Number.isFinite((cause as Partial<Exceeded>).msBeforeNext);
}
