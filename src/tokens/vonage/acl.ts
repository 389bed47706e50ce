/**
 * Access control lists of Vonage tokens, evaluated: the vendor's libraries write the `acl` claim, and only
 * its servers read it. Default deny, rules are a union, and a path with two readings is never allowed.
 * @module
 */
import type { RequestDetails } from "../token-kind.js";
import { matchesPath, splitPath, splitPattern } from "./acl-path.js";
import { type Acl, type AclFilterValue, type AclRule, isMethod, readAcl } from "./acl-schema.js";

/** A rule with its pattern taken apart. */
interface CompiledRule {
	readonly pattern: readonly string[];
	readonly rule: AclRule;
}

/** The lists made here: frozen, so that what was checked once stays checked. */
const compiled = new WeakMap<object, readonly CompiledRule[]>();

/**
 * Reads an `acl` claim strictly, for minting and for verifying: an object with the one member `paths`,
 * in which every pattern has an object with `methods`, `filters`, both or neither. Unknown members,
 * patterns with wildcards inside a segment and paths as an array are refused.
 *
 * @example
 * ```ts
 * import { parseAcl } from "orgpass/tokens";
 *
 * const acl = parseAcl({ paths: { "/v1/users/**": { methods: ["GET"] } } });
 * Object.keys(acl.paths); // => ["/v1/users/**"]
 * parseAcl({ paths: { "/v1/us*": {} } }); // => throws token/claim-invalid
 * ```
 * @param value the claim's value; read, never changed
 * @returns a deeply frozen copy; the value itself where it is one
 * @throws {TokenError} `token/claim-invalid`
 * @see https://developer.vonage.com/en/conversation/guides/jwt-acl
 */
export function parseAcl(value: unknown): Acl {
	if (typeof value === "object" && value !== null && compiled.has(value)) return value as Acl;
	const acl = readAcl(value);
	const rules = Object.entries(acl.paths).map(([pattern, rule]) => ({
		pattern: splitPattern(pattern) as readonly string[],
		rule,
	}));
	compiled.set(acl, rules);
	return acl;
}

/**
 * Tells whether an ACL allows a request: whether one of its patterns stands for the path, and the
 * pattern's rule for method and parameters. An ambiguous path (`..`, `//`, an encoded slash, a query, a
 * trailing slash) is never allowed, nor is a method in lower case. A rule with filters allows only
 * requests whose parameters match every one.
 *
 * @example
 * ```ts
 * import { aclAllows } from "orgpass/tokens";
 *
 * const acl = { paths: { "/v1/users/**": { methods: ["GET"] }, "/messages": { filters: { from: "44700" } } } };
 * aclAllows(acl, { method: "GET", path: "/v1/users/alice/devices" }); // => true
 * aclAllows(acl, { method: "DELETE", path: "/v1/users/alice" }); // => false
 * aclAllows(acl, { method: "GET", path: "/v1/users/../admin" }); // => false
 * aclAllows(acl, { method: "POST", path: "/messages", parameters: { from: "44700" } }); // => true
 * ```
 * @param acl the claim's value, as it came or from {@link parseAcl}, which spares checking it again
 * @param request method, path, and parameters for rules with filters
 * @returns whether it is allowed
 * @throws {TokenError} `token/claim-invalid` for what is no ACL
 * @see https://developer.vonage.com/en/conversation/guides/jwt-acl
 */
export function aclAllows(acl: unknown, request: RequestDetails): boolean {
	const rules = compiled.get(parseAcl(acl)) as readonly CompiledRule[];
	const { method, path, parameters } = request;
	const segments = typeof path === "string" ? splitPath(path) : undefined;
	if (segments === undefined || !isMethod(method)) return false;
	return rules.some(
		({ pattern, rule }) =>
			(rule.methods?.includes(method) ?? true) &&
			matchesPath(pattern, segments) &&
			matchesFilters(rule.filters, parameters),
	);
}

/** Own members only, and only text: a body that was sent as JSON may be anything. */
function matchesFilters(filters: AclRule["filters"], parameters: unknown): boolean {
	const own = Object(parameters) as Record<string, unknown>;
	return Object.entries(filters ?? {}).every(([name, wanted]) => {
		const given = Object.hasOwn(own, name) ? own[name] : undefined;
		return [wanted].flat().some((value: AclFilterValue) => String(value) === given);
	});
}
