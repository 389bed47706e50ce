/**
 * What a good token is asked to grant, beside scopes: a resource (`sub`) and an operation on it (`scope`).
 * @module
 */
import { describe } from "../errors/format-value.js";
import { PolicyError } from "../errors/errors.js";
import type { JsonObject } from "../jws/decode-token.js";
import type { AskedGrant } from "./token-kind.js";

/**
 * Refuses a token that isn't for the resource, or doesn't grant the operation. Both are compared exactly.
 *
 * @param claims the verified claims
 * @param scopes what the token carries
 * @param asked the resource and the operation; what is absent isn't asked
 * @throws {PolicyError} `policy/resource`, `policy/operation`
 */
export function checkResource(
	claims: JsonObject,
	scopes: readonly string[],
	{ resource, operation }: AskedGrant,
): void {
	if (resource !== undefined && claims["sub"] !== resource) {
		throw new PolicyError(
			"policy/resource",
			`expected sub ${describe(resource)}, got ${describe(claims["sub"])}`,
			{ details: { resource } },
		);
	}
	if (operation !== undefined && !scopes.includes(operation)) {
		throw new PolicyError(
			"policy/operation",
			`expected the operation ${describe(operation)}, got scope ${describe(claims["scope"])}`,
			{ details: { operation } },
		);
	}
}
