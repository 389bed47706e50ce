/**
 * The policy that a token must have an access control list.
 * @module
 */
import { PolicyError } from "../../errors/errors.js";
import type { RequiredGrant } from "../token-kind.js";
import type { VerifiedToken } from "../verified-token.js";
import { assertAclAllows } from "./vonage.js";

/**
 * Creates the policy that a token of any kind must have an access control list, the `acl` of Vonage's tokens, and that
 * the list must allow the request. The profile `vonage` already checks the list; use this policy for other kinds whose
 * minters add one to the claims, and to refuse Vonage tokens without one.
 *
 * @example
 * ```ts
 * import { requireAcl } from "orgpass/tokens";
 *
 * const policy = requireAcl();
 * const claims = { acl: { paths: { "/rooms/*": { methods: ["GET"] } } } };
 * const token = { profile: "orgid", issuer: "", keyId: "", claims, scopes: [], expiresAt: 0 } as const;
 * policy(token, { request: { method: "GET", path: "/rooms/7" } }); // => undefined
 * policy(token, { request: { method: "PUT", path: "/rooms/7" } }); // => throws policy/acl
 * ```
 * @returns the policy, for `createVerifier`; it throws `policy/acl`, also if `verify` isn't given the request, and
 * `token/claim-invalid` if the claim isn't an access control list
 */
export function requireAcl(): (token: VerifiedToken, required: RequiredGrant) => void {
	return function assertAcl({ claims }: VerifiedToken, { request }: RequiredGrant): void {
		if (claims["acl"] === undefined) throw new PolicyError("policy/acl", "expected a token with an acl");
		assertAclAllows(claims["acl"], request);
	};
}
