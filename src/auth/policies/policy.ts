/**
 * Policies: what a valid token must grant.
 * @module
 */
import { type Awaitable, isThenable } from "../../encoding/awaitable.js";
import { formatValue, isOrgpassError, PolicyError } from "../../errors/errors.js";
import { OUTAGE_CODES } from "../../errors/outage-codes.js";
import type { RequiredGrant } from "../../tokens/token-kind.js";
import type { VerifiedToken } from "../../tokens/verified-token.js";

/**
 * Checks a verified token, after every other check. It refuses the token by throwing a coded error, or by returning
 * anything but true or undefined, which is reported as `policy/refused`. `required` is what the call requires. A
 * `PolicyError` with the code `policy/refused` can set the HTTP status in its details: `status` 401, 403, 429 or 503,
 * and `retryAfterSeconds` for the latter two.
 */
export type Policy = (token: VerifiedToken, required: RequiredGrant) => unknown;

/** A policy of this package: it refuses by throwing. */
export type AssertToken = (token: VerifiedToken) => void;

/** The status of a policy's refusal; 503 means that nothing is known. */
export type PolicyStatus = 401 | 403 | 429 | 503;

/** Refusals that {@link isRefusal} excludes, because a policy couldn't decide. */
const undecided = new WeakSet<PolicyError>();

/** Applies policies in their order, until one refuses the token. */
export function applyPolicies(
	policies: readonly Policy[],
	token: VerifiedToken,
	required: RequiredGrant,
): Awaitable<void> {
	for (const [at, policy] of policies.entries()) {
		const result = policy(token, required);
		if (isThenable(result)) return applyRest(result, policies.slice(at + 1), token, required);
		assertAccepted(result);
	}
}

async function applyRest(pending: PromiseLike<unknown>, ...rest: Parameters<typeof applyPolicies>): Promise<void> {
	assertAccepted(await pending);
	await applyPolicies(...rest);
}

function assertAccepted(result: unknown): void {
	if (result === undefined || result === true) return;
	if (result === false) throw new PolicyError("policy/refused", "a policy refused the token");
	const message = `expected a policy to return true, false or undefined, got ${formatValue(result)}`;
	throw markUndecided(new PolicyError("policy/refused", message));
}

/** Marks an error that refuses the token although the policy couldn't decide, so that `not` doesn't accept it. */
export function markUndecided(error: PolicyError): PolicyError {
	undecided.add(error);
	return error;
}

/** Whether a policy decided against the token. Outages, bugs and all other errors decide nothing. */
export function isRefusal(error: unknown): error is PolicyError {
	if (!isOrgpassError(error) || !error.code.startsWith("policy/")) return false;
	return statusOfPolicyError(error as PolicyError) !== 503 && !undecided.has(error as PolicyError);
}

/** The HTTP status of an error `policy/*`. */
export function statusOfPolicyError({ code, details }: PolicyError): PolicyStatus {
	if (OUTAGE_CODES.has(code)) return 503;
	if (code === "policy/lifetime") return 401;
	if (code === "policy/rate") return 429;
	const status = code === "policy/refused" ? details["status"] : undefined;
	return status === 401 || status === 429 || status === 503 ? status : 403;
}
