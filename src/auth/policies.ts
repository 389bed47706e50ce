/**
 * What a good token must grant beyond being good.
 * @module
 */
import { PolicyError } from "../errors/errors.js";
import { toScopes } from "../jws/scope.js";
import { invalidOption } from "../options/invalid-option.js";
import type { RequiredGrant } from "../tokens/token-kind.js";
import type { VerifiedToken } from "../tokens/verified-token.js";

/**
 * Refuses a verified token by throwing a coded error, or by answering anything but true or nothing, which is
 * `policy/refused`. Runs after every other check, with what the call asks for besides.
 */
export type Policy = (token: VerifiedToken, asked: RequiredGrant) => unknown;

/**
 * Makes the policy that a token must carry all of the scopes given; scopes are compared as sets.
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
 * @param scope space-delimited scopes (RFC 6749 3.3), or an array
 * @returns the policy, for `createVerifier`; it throws `policy/scope` with the missing ones in `details`
 * @throws {ConfigError} `config/invalid-option` for what is no scope, or none at all
 */
export function requireScope(scope: string | readonly string[]): (token: VerifiedToken) => void {
	const required = toScopes(scope);
	if (required.length === 0) {
		throw invalidOption("scope", "at least one scope: requiring none accepts every token");
	}
	return function checkScope({ scopes }: VerifiedToken): void {
		const missing = required.filter((one) => !scopes.includes(one));
		if (missing.length === 0) return;
		throw new PolicyError(
			"policy/scope",
			`expected the scope ${required.join(" ")}, missing ${missing.join(" ")}`,
			{
				details: { required, missing },
			},
		);
	};
}
