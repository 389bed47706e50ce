/**
 * What one call of `verify` requires, as policies.
 * @module
 */
import * as v from "valibot";
import { isJsonObject } from "../encoding/json.js";
import { assertOptions } from "../options/assert-options.js";
import { anyObject, optionsSchema, restriction } from "../options/schemas.js";
import { nonEmptyString, stringOrStrings } from "../options/value-schemas.js";
import { assertGranted } from "../tokens/grant.js";
import type { RequestDetails, RequiredGrant } from "../tokens/token-kind.js";
import { LazyRequest } from "./lazy-request.js";
import type { Policy } from "./policies/policy.js";
import { requireScope } from "./policies/scope.js";

const schema = optionsSchema<RequiredGrant>({
	scope: restriction(stringOrStrings),
	resource: restriction(nonEmptyString),
	operation: restriction(nonEmptyString),
	request: v.optional(
		optionsSchema<RequestDetails>(
			{
				method: v.string("text"),
				path: v.string("text"),
				parameters: v.optional(anyObject("an object")),
			},
			"an object of method and path",
		),
	),
});

const NONE: readonly Policy[] = Object.freeze([]);
const assertGrant: Policy = ({ claims, scopes }, required) => assertGranted(claims, scopes, required);
const GRANT: readonly Policy[] = Object.freeze([assertGrant]);

/** Checks a call's requirements and returns them as policies. HTTP adapters require nothing but give the request. */
export function requiredPolicies(required: RequiredGrant): readonly Policy[] {
	if (isRequestOnly(required)) return NONE;
	assertOptions(schema, required, "verify");
	const { scope } = required;
	return scope === undefined ? GRANT : [requireScope(scope), assertGrant];
}

/** Whether there is nothing to check, and the request is well-formed: schemas take longer than a remembered token. */
function isRequestOnly(required: RequiredGrant): boolean {
	if (!isJsonObject(required) || Object.getPrototypeOf(required) !== Object.prototype) return false;
	for (const name in required) if (name !== "request") return false;
	// Not all are enumerable.
	if ("scope" in required || "resource" in required || "operation" in required) return false;
	const { request } = required;
	if (request === undefined || request instanceof LazyRequest) return true;
	if (!isJsonObject(request)) return false;
	for (const name in request) if (name !== "method" && name !== "path") return false;
	const { method, path } = request;
	return typeof method === "string" && typeof path === "string";
}

/** The caller may use its object for another call while this one waits for a look-up. */
export function copyRequirements({ scope, resource, operation, request }: RequiredGrant): RequiredGrant {
	const own = request && copyRequest(request);
	if (scope === undefined && resource === undefined && operation === undefined) return { request: own };
	return {
		...(scope !== undefined && { scope: typeof scope === "string" ? scope : [...scope] }),
		...(resource !== undefined && { resource }),
		...(operation !== undefined && { operation }),
		request: own,
	};
}

function copyRequest(request: RequestDetails): RequestDetails {
	if (request instanceof LazyRequest) return request;
	const { method, path, parameters } = request;
	return { method, path, ...(parameters && { parameters: { ...parameters } }) };
}
