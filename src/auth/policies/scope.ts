/** @module */
import { formatValue, PolicyError } from "../../errors/errors.js";
import { toScopes } from "../../jws/scope.js";
import { invalidOption } from "../../options/invalid-option.js";
import type { AssertToken } from "./policy.js";

/**
 * Creates a policy that requires a token to have all of the given scopes, in any order.
 *
 * @example
 * ```ts
 * import { requireScope } from "orgpass/auth";
 *
 * const policy = requireScope("book cancel");
 * let code: string | undefined;
 * try {
 *   policy({ profile: "orgid", issuer: "", keyId: "", claims: {}, scopes: ["book"], expiresAt: 0 });
 * } catch (error) {
 *   code = (error as { code: string }).code;
 * }
 * code; // => "policy/scope"
 * ```
 * @param scope space-delimited scopes, or an array
 * @returns the policy; it throws `policy/scope` with the missing scopes in `details`
 * @throws {ConfigError} `config/invalid-option` for an invalid scope, or if no scope is given
 * @see RFC 6749 section 3.3
 */
export function requireScope(scope: string | readonly string[]): AssertToken {
	const required = parseRequired(scope);
	return function assertScope({ scopes }) {
		const missing = required.filter((name) => !scopes.includes(name));
		if (missing.length === 0) return;
		const got = scopes.length === 0 ? "none" : formatValue(scopes.join(" "));
		const message = `expected the scope ${required.join(" ")}, got ${got}`;
		throw new PolicyError("policy/scope", message, { details: { required, missing } });
	};
}

/**
 * Creates a policy that requires a token to have at least one of the given scopes.
 *
 * @example
 * ```ts
 * import { requireAnyScope } from "orgpass/auth";
 *
 * const policy = requireAnyScope("book cancel");
 * policy({ profile: "orgid", issuer: "", keyId: "", claims: {}, scopes: ["book"], expiresAt: 0 }); // => undefined
 * ```
 * @param scope space-delimited scopes, or an array
 * @returns the policy; it throws `policy/scope`
 * @throws {ConfigError} `config/invalid-option` for an invalid scope, or if no scope is given
 */
export function requireAnyScope(scope: string | readonly string[]): AssertToken {
	const allowed = parseRequired(scope);
	return function assertAnyScope({ scopes }) {
		if (allowed.some((name) => scopes.includes(name))) return;
		const message = `expected one of the scopes ${allowed.join(" ")}`;
		throw new PolicyError("policy/scope", message, { details: { allowed } });
	};
}

function parseRequired(scope: string | readonly string[]): readonly string[] {
	const scopes = toScopes(scope);
	if (scopes.length > 0) return scopes;
	throw invalidOption("scope", "at least one scope: requiring none accepts every token");
}
