/**
 * Policies made of others. An outage, a bug or any other failure is never turned into an acceptance.
 * @module
 */
import { PolicyError } from "../../errors/errors.js";
import { invalidOption } from "../../options/invalid-option.js";
import type { RequiredGrant } from "../../tokens/token-kind.js";
import type { VerifiedToken } from "../../tokens/verified-token.js";
import { markCounting } from "./counting-policy.js";
import { applyPolicies, isRefusal, type Policy, statusOfPolicyError } from "./policy.js";

/** A policy made of others: resolves if it accepts the token, and rejects otherwise. */
export type CombinedPolicy = (token: VerifiedToken, required?: RequiredGrant) => Promise<void>;

const NO_REQUIREMENTS: RequiredGrant = Object.freeze({});

/**
 * Creates a policy that accepts what all of the given policies accept. They run in their order, until one refuses.
 *
 * @example
 * ```ts
 * import { allOf, limitLifetime, requireScope } from "orgpass/auth";
 *
 * const mayPay = allOf(requireScope("pay"), limitLifetime(300));
 * const token = { profile: "orgid", issuer: "", keyId: "", claims: { iat: 0, exp: 900 }, scopes: ["pay"] };
 * await mayPay(token).catch((error) => error.code); // => "policy/lifetime"
 * ```
 * @param policies at least one
 * @returns the policy; it rejects with the first refusal or failure
 * @throws {ConfigError} `config/invalid-option`
 */
export function allOf(...policies: readonly Policy[]): CombinedPolicy {
	assertPolicies(policies);
	return markCounting(async (token, required = NO_REQUIREMENTS) => applyPolicies(policies, token, required), policies);
}

/**
 * Creates a policy that accepts what at least one of the given policies accepts. They run in their order, until one
 * accepts.
 *
 * @example
 * ```ts
 * import { anyOf, limitLifetime, requireScope } from "orgpass/auth";
 *
 * const policy = anyOf(requireScope("admin"), limitLifetime(300));
 * const token = { profile: "orgid", issuer: "", keyId: "", claims: { iat: 0, exp: 900 }, scopes: ["pay"] };
 * await policy(token).catch((error) => error.details.reasons); // => ["policy/scope", "policy/lifetime"]
 * ```
 * @param policies at least one
 * @returns the policy. If none accepts, it rejects with the first failure that isn't a refusal, such as an outage; else
 * with the first refusal that ends by itself (429); else with the last one if a better token is all it takes (401 from
 * all of them); else with `policy/no-alternative`, with the codes of all refusals in `details.reasons`
 * @throws {ConfigError} `config/invalid-option`
 */
export function anyOf(...policies: readonly Policy[]): CombinedPolicy {
	assertPolicies(policies);
	return markCounting(assertAny, policies);

	async function assertAny(token: VerifiedToken, required = NO_REQUIREMENTS): Promise<void> {
		const errors: unknown[] = [];
		for (const policy of policies) {
			try {
				return await applyPolicies([policy], token, required);
			} catch (error) {
				errors.push(error);
			}
		}
		throw worstOf(errors);
	}
}

/**
 * Creates a policy that accepts what the given policy refuses, by returning false or with an error `policy/*`. If it
 * fails in any other way, or returns anything but true, false or undefined, the token isn't accepted.
 *
 * @example
 * ```ts
 * import { not, requireScope } from "orgpass/auth";
 *
 * const policy = not(requireScope("test"));
 * const token = { profile: "orgid", issuer: "", keyId: "", claims: {}, scopes: ["test"] };
 * await policy(token).catch((error) => error.code); // => "policy/excluded"
 * ```
 * @param policy the policy to invert
 * @returns the policy; it rejects with `policy/excluded`, or with the failure
 * @throws {ConfigError} `config/invalid-option`
 */
export function not(policy: Policy): CombinedPolicy {
	assertPolicies([policy]);
	return markCounting(assertNot, [policy]);

	async function assertNot(token: VerifiedToken, required = NO_REQUIREMENTS): Promise<void> {
		try {
			await applyPolicies([policy], token, required);
		} catch (error) {
			if (isRefusal(error)) return;
			throw error;
		}
		throw new PolicyError("policy/excluded", "a policy excludes this token");
	}
}

function assertPolicies(policies: readonly unknown[]): void {
	const isValid = policies.length > 0 && policies.every((policy) => typeof policy === "function");
	if (!isValid) throw invalidOption("policies", "at least one policy, and all of them functions");
}

function worstOf(errors: readonly unknown[]): unknown {
	const failure = errors.findIndex((error) => !isRefusal(error));
	if (failure >= 0) return errors[failure];
	const refusals = errors as readonly PolicyError[];
	const temporary = refusals.find((error) => statusOfPolicyError(error) === 429);
	if (temporary !== undefined) return temporary;
	if (refusals.every((error) => statusOfPolicyError(error) === 401)) return refusals.at(-1);
	const reasons = refusals.map(({ code }) => code);
	const message = `no alternative accepts the token: ${refusals.map((error) => error.message).join("; ")}`;
	const cause = new AggregateError(refusals);
	return new PolicyError("policy/no-alternative", message, { details: { reasons: Object.freeze(reasons) }, cause });
}
