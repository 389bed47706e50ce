/**
 * What a route requires of a verified token. The token isn't verified again.
 * @module
 */
import * as z from "zod/mini";
import { parseDidUrl } from "../did/did-url.js";
import { formatValue, PolicyError } from "../errors/errors.js";
import { assertOptions } from "../options/assert-options.js";
import { invalidOption } from "../options/invalid-option.js";
import { anyFunction, nonEmptyString, optionsSchema, stringOrStrings } from "../options/schemas.js";
import { assertGranted } from "../tokens/grant.js";
import type { VerifiedToken } from "../tokens/verified-token.js";
import { applyPolicies, type Policy, requireScope } from "./policies.js";

/** What a route requires of a verified token, which must meet every requirement. */
export interface RouteRequirements {
	/** The scopes that the token must have. */
	readonly scope?: string | readonly string[] | undefined;
	/** The resource that `sub` must name exactly, as in ioctl's tokens. */
	readonly resource?: string | undefined;
	/** The operation that must be among the token's scopes; for ioctl's tokens Create, Read, Update or Delete. */
	readonly operation?: string | undefined;
	/** The allowed issuers, as in `issuer` of a verified token: for organizations, the bare DID with its chain. */
	readonly issuers?: readonly string[] | undefined;
	/** A policy that must accept the token. */
	readonly policy?: Policy | undefined;
}

const ISSUERS = "a non-empty array of issuers";
const PREFIX = "did:orgid:";

const schema = optionsSchema<RouteRequirements>({
	scope: z.optional(stringOrStrings),
	resource: z.optional(nonEmptyString),
	operation: z.optional(nonEmptyString),
	issuers: z.optional(z.array(nonEmptyString, ISSUERS).check(z.minLength(1, ISSUERS))),
	policy: z.optional(anyFunction),
});

/** Validates the requirements once. The function returned throws `policy/*` if a token doesn't meet them. */
export function createRequirementsCheck(requirements: RouteRequirements): (token: VerifiedToken) => Promise<void> {
	assertOptions(schema, requirements, "requires");
	const { scope, resource, operation, issuers, policy } = requirements;
	const policies: Policy[] = [];
	if (issuers !== undefined) policies.push(requireIssuer(issuers));
	if (scope !== undefined) policies.push(requireScope(scope));
	policies.push(({ claims, scopes }) => assertGranted(claims, scopes, { resource, operation }));
	if (policy !== undefined) policies.push(policy);
	return (token) => applyPolicies(policies, token, { scope, resource, operation });
}

function requireIssuer(issuers: readonly string[]): (token: VerifiedToken) => void {
	for (const issuer of issuers) assertCanonical(issuer);
	const allowed = new Set(issuers);
	return function assertIssuer({ issuer }) {
		if (allowed.has(issuer)) return;
		throw new PolicyError("policy/issuer", `the issuer ${formatValue(issuer)} isn't allowed here`);
	};
}

/** A DID in any other form would never match. */
function assertCanonical(issuer: string): void {
	if (!issuer.trimStart().toLowerCase().startsWith(PREFIX)) return;
	try {
		const { chainId, fragment } = parseDidUrl(issuer);
		if (chainId !== undefined && fragment === undefined) return;
	} catch {
		// Reported below, with the option's name.
	}
	throw invalidOption("issuers", "bare DIDs with their chain: did:orgid:<chain id>:0x…", { got: issuer });
}
