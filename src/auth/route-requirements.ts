/**
 * What a route requires of a verified token. The token isn't verified again.
 * @module
 */
import pTimeout from "p-timeout";
import * as v from "valibot";
import { type Awaitable, isThenable } from "../encoding/awaitable.js";
import { PolicyError } from "../errors/errors.js";
import { assertOptions } from "../options/assert-options.js";
import { anyFunction, optionsSchema, restriction } from "../options/schemas.js";
import { nonEmptyString, stringOrStrings } from "../options/value-schemas.js";
import { assertGranted } from "../tokens/grant.js";
import type { RequiredGrant } from "../tokens/token-kind.js";
import type { VerifiedToken } from "../tokens/verified-token.js";
import { DEFAULT_TIMEOUT_SECONDS } from "./create-verifier.js";
import { requireIssuer } from "./policies/issuer.js";
import { applyPolicies, type Policy } from "./policies/policy.js";
import { requireScope } from "./policies/scope.js";
import { type ReplayStore, replayStore } from "./replay/replay-store.js";
import { spendForRequest } from "./replay/spend-token.js";

/** What a route requires of a verified token, which must meet every requirement. One that is `undefined` is refused. */
export interface RouteRequirements {
	/** The scopes that the token must have. */
	readonly scope?: string | readonly string[];
	/** The resource that `sub` must name exactly, as in ioctl's tokens. */
	readonly resource?: string;
	/** The operation that must be among the token's scopes; for ioctl's tokens Create, Read, Update or Delete. */
	readonly operation?: string;
	/** The allowed issuers, as in `issuer` of a verified token: for organizations, the bare DID with its chain. */
	readonly issuers?: readonly string[];
	/** A policy that must accept the token, within 15 seconds. */
	readonly policy?: Policy;
	/** Accepts each token once, after all other requirements; a store of used tokens, which decides within 15 seconds. */
	readonly replay?: ReplayStore;
}

/**
 * Throws or rejects with `policy/*` or `replay/*` if a token doesn't meet the requirements. `request` stands for the
 * request: its token is spent once in each store.
 */
export type RequirementsCheck = (token: VerifiedToken, request: object) => Awaitable<void>;

const ISSUERS = "a non-empty array of issuers";

const milliseconds = DEFAULT_TIMEOUT_SECONDS * 1_000;

const schema = optionsSchema<RouteRequirements>({
	scope: restriction(stringOrStrings),
	resource: restriction(nonEmptyString),
	operation: restriction(nonEmptyString),
	issuers: restriction(v.pipe(v.array(nonEmptyString, ISSUERS), v.nonEmpty(ISSUERS))),
	policy: restriction(anyFunction),
	replay: restriction(replayStore),
});

/** Validates the requirements once. */
export function createRequirementsCheck(requirements: RouteRequirements): RequirementsCheck {
	assertOptions(schema, requirements, "requires");
	const { replay } = requirements;
	const assertGood = createPolicyCheck(requirements);
	if (replay === undefined) return assertGood;
	return async function assertNew(token, request) {
		const deadline = performance.now() + milliseconds;
		await assertGood(token);
		await spendForRequest(replay, token, request, deadline - performance.now());
	};
}

function createPolicyCheck(requirements: RouteRequirements): (token: VerifiedToken) => Awaitable<void> {
	const { scope, resource, operation, issuers, policy } = requirements;
	const policies: Policy[] = [];
	if (issuers !== undefined) policies.push(requireIssuer(issuers));
	if (scope !== undefined) policies.push(requireScope(scope));
	const required: RequiredGrant = {
		...(scope !== undefined && { scope }),
		...(resource !== undefined && { resource }),
		...(operation !== undefined && { operation }),
	};
	if (resource !== undefined || operation !== undefined) {
		policies.push(({ claims, scopes }) => assertGranted(claims, scopes, required));
	}
	if (policy !== undefined) policies.push(policy);
	return (token) => {
		const applying = applyPolicies(policies, token, required);
		return isThenable(applying) ? pTimeout(applying, { milliseconds, fallback: throwTimeout }) : applying;
	};
}

function throwTimeout(): never {
	throw new PolicyError("policy/unavailable", `a policy did not decide within ${DEFAULT_TIMEOUT_SECONDS} seconds`);
}
