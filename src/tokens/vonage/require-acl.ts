/**
 * The policy that a token must carry an access control list.
 * @module
 */
import { PolicyError } from "../../errors/errors.js";
import type { RequiredGrant } from "../token-kind.js";
import type { VerifiedToken } from "../verified-token.js";
import { assertAclAllows } from "./vonage.js";

/**
 * Makes the policy that a token of any kind must carry an access control list, the `acl` of Vonage's tokens, and
 * that it must allow the request. The profile `vonage` holds requests against the list by itself; this is for
 * other kinds whose minters put one into the claims, and for servers that take no Vonage token without one.
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
 * @returns the policy, for `createVerifier`; it throws `policy/acl`, also where `verify` isn't told the request,
 * and `token/claim-invalid` for a claim that is no list
 */
export function requireAcl(): (token: VerifiedToken, asked: RequiredGrant) => void {
	return function checkList({ claims }: VerifiedToken, { request }: RequiredGrant): void {
		if (claims["acl"] === undefined) throw new PolicyError("policy/acl", "expected a token with an acl");
		assertAclAllows(claims["acl"], request);
	};
}
