/**
 * What a good token is asked to grant, beside scopes: a resource (`sub`) and an operation on it (`scope`).
 * @module
 */

import type { JsonObject } from "../encoding/json.js";
import { PolicyError } from "../errors/errors.js";
import { formatValue } from "../errors/format-value.js";
import type { RequiredGrant } from "./token-kind.js";

/** Refuses a token that isn't for the resource, or doesn't grant the operation. Both are compared exactly. */
export function assertGranted(
	claims: JsonObject,
	scopes: readonly string[],
	{ resource, operation }: RequiredGrant,
): void {
	if (resource !== undefined && claims["sub"] !== resource) {
		throw new PolicyError(
			"policy/resource",
			`expected sub ${formatValue(resource)}, got ${formatValue(claims["sub"])}`,
			{ details: { resource } },
		);
	}
	if (operation !== undefined && !scopes.includes(operation)) {
		throw new PolicyError(
			"policy/operation",
			`expected the operation ${formatValue(operation)}, got scope ${formatValue(claims["scope"])}`,
			{ details: { operation } },
		);
	}
}
