/**
 * Policies: what a valid token must grant.
 * @module
 */
import { PolicyError } from "../errors/errors.js";
import { toScopes } from "../jws/scope.js";
import { invalidOption } from "../options/invalid-option.js";
import type { RequiredGrant } from "../tokens/token-kind.js";
import type { VerifiedToken } from "../tokens/verified-token.js";

/**
 * Checks a verified token, after every other check. It refuses the token by throwing a coded error, or by returning
 * anything but true or undefined, which is reported as `policy/refused`. `required` is what the call requires.
 */
export type Policy = (token: VerifiedToken, required: RequiredGrant) => unknown;

/** Applies policies in their order, until one refuses the token. */
export async function applyPolicies(
	policies: readonly Policy[],
	token: VerifiedToken,
	required: RequiredGrant,
): Promise<void> {
	for (const policy of policies) {
		const result: unknown = await policy(token, required);
		if (result !== undefined && result !== true) throw new PolicyError("policy/refused", "a policy refused the token");
	}
}

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
 * @returns the policy, for `createVerifier`; it throws `policy/scope` with the missing scopes in `details`
 * @throws {ConfigError} `config/invalid-option` for an invalid scope, or if no scope is given
 * @see RFC 6749 section 3.3
 */
export function requireScope(scope: string | readonly string[]): (token: VerifiedToken) => void {
	const required = toScopes(scope);
	if (required.length === 0) {
		throw invalidOption("scope", "at least one scope: requiring none accepts every token");
	}
	return function assertScope({ scopes }: VerifiedToken): void {
		const missing = required.filter((name) => !scopes.includes(name));
		if (missing.length === 0) return;
		const message = `expected the scope ${required.join(" ")}, missing ${missing.join(" ")}`;
		throw new PolicyError("policy/scope", message, { details: { required, missing } });
	};
}
