/**
 * What a verified token must grant besides scopes: access to a resource (`sub`) and an operation on it (`scope`).
 * @module
 */
import type { JsonObject } from "../encoding/json.js";
import { formatValue, PolicyError } from "../errors/errors.js";
import type { RequiredGrant } from "./token-kind.js";

/** Throws if the token doesn't name the resource or grant the operation; both are compared exactly. */
export function assertGranted(
	{ sub, scope }: JsonObject,
	scopes: readonly string[],
	{ resource, operation }: { readonly [Name in "resource" | "operation"]?: RequiredGrant[Name] | undefined },
): void {
	if (resource !== undefined && sub !== resource) {
		const message = `expected sub ${formatValue(resource)}, got ${formatValue(sub)}`;
		throw new PolicyError("policy/resource", message, { details: { resource } });
	}
	if (operation !== undefined && !scopes.includes(operation)) {
		const message = `expected the operation ${formatValue(operation)}, got scope ${formatValue(scope)}`;
		throw new PolicyError("policy/operation", message, { details: { operation } });
	}
}
