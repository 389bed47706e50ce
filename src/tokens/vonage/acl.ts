/**
 * Evaluates access control lists of Vonage tokens; the vendor's libraries only write the `acl` claim. Requests are
 * denied unless a rule allows them, and an ambiguous path is never allowed.
 * @module
 */
import type { RequestDetails } from "../token-kind.js";
import { matchesFilters } from "./acl-filters.js";
import { matchesPath, splitPath, splitPattern } from "./acl-path.js";
import { type Acl, type AclRule, copyAcl, isMethod } from "./acl-schema.js";

/** A rule with its pattern split. */
interface CompiledRule {
	readonly pattern: readonly string[];
	readonly rule: AclRule;
}

/** The lists parsed here; they are frozen, so they stay valid. */
const compiled = new WeakMap<object, readonly CompiledRule[]>();

/**
 * Parses an `acl` claim strictly: an object whose only member is `paths`, which maps patterns to objects with
 * `methods`, `filters`, both or neither. Unknown members, wildcards within a segment and an array of paths are refused.
 *
 * @example
 * ```ts
 * import { parseAcl } from "orgpass/tokens";
 *
 * const acl = parseAcl({ paths: { "/v1/users/**": { methods: ["GET"] } } });
 * Object.keys(acl.paths); // => ["/v1/users/**"]
 * parseAcl({ paths: { "/v1/us*": {} } }); // => throws token/claim-invalid
 * ```
 * @param value the claim's value; it isn't changed
 * @returns a deeply frozen copy, or the value itself if it is one
 * @throws {TokenError} `token/claim-invalid`
 * @see https://developer.vonage.com/en/conversation/guides/jwt-acl
 */
export function parseAcl(value: unknown): Acl {
	if (typeof value === "object" && value !== null && compiled.has(value)) return value as Acl;
	const acl = copyAcl(value);
	const rules = Object.entries(acl.paths).map(([pattern, rule]) => ({
		pattern: splitPattern(pattern) as readonly string[],
		rule,
	}));
	compiled.set(acl, rules);
	return acl;
}

/**
 * Returns whether an ACL allows a request: whether a pattern matches the path, and its rule the method and the
 * parameters. An ambiguous path (`..`, `//`, an encoded slash, a query, a trailing slash) is never allowed, nor is a
 * method in lower case. A rule with filters allows only requests whose parameters match all of them, and that have no
 * other parameter that some software reads as a filtered one, such as `user[id` or `USER_ID` beside `user_id`.
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
 * @param acl the claim's value, or the result of {@link parseAcl}, which isn't checked again
 * @param request the method and the path, and the parameters for rules with filters
 * @returns whether it is allowed
 * @throws {TokenError} `token/claim-invalid` if the value isn't an ACL
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
