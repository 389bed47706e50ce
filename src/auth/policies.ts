/**
 * What a good token must grant beyond being good.
 * @module
 */
import { ConfigError, PolicyError } from "../errors/errors.js";
import type { AskedGrant } from "../tokens/token-kind.js";
import { checkAcl } from "../tokens/vonage/vonage.js";
import { toScopes } from "../jws/scope.js";
import type { VerifiedToken } from "../tokens/verified-token.js";

/**
 * Refuses a verified token by throwing a coded error, or by answering anything but true or nothing, which is
 * `policy/refused`. Runs after every other check, with what the call asks for besides.
 */
export type Policy = (token: VerifiedToken, asked: AskedGrant) => unknown;

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
		throw new ConfigError(
			"config/invalid-option",
			"expected at least one scope: requiring none accepts every token",
			{
				details: { option: "scope" },
			},
		);
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

/**
 * Makes the policy that a token of any kind must carry an access control list, the `acl` of Vonage's tokens, and
 * that it must allow the request. The profile `vonage` holds requests against the list by itself; this is for
 * other kinds whose minters put one into the claims, and for servers that take no Vonage token without one.
 *
 * @example
 * ```ts
 * import { requireAcl } from "orgpass/auth";
 *
 * const policy = requireAcl();
 * const claims = { acl: { paths: { "/rooms/*": { methods: ["GET"] } } } };
 * const token = { profile: "orgid", issuer: "", keyId: "", claims, scopes: [], expiresAt: 0 } as const;
 * policy(token, { request: { method: "GET", path: "/rooms/7" } }); // => undefined
 * policy(token, { request: { method: "PUT", path: "/rooms/7" } }); // => throws policy/acl
 * ```
 * @returns the policy, for `createVerifier`; it throws `policy/acl`, also where `verify` isn't told the request,
 * and `token/claim-invalid` for a claim that is no list
 */
export function requireAcl(): (token: VerifiedToken, asked: AskedGrant) => void {
	return function checkList({ claims }: VerifiedToken, { request }: AskedGrant): void {
		if (claims["acl"] === undefined) throw new PolicyError("policy/acl", "expected a token with an acl");
		checkAcl(claims["acl"], request);
	};
}
