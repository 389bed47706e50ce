/**
 * Tokens of Vonage's applications, with the access control list that says what their bearer may do.
 * @module
 */

import type { JsonObject } from "../../encoding/json.js";
import { PolicyError } from "../../errors/errors.js";
import { formatValue } from "../../errors/format-value.js";
import type { TimeLimits } from "../../jws/claims.js";
import type { CompactJws } from "../../jws/decode-token.js";
import { checkOptions } from "../../options/check-options.js";
import { APP_OPTIONS, type AppProfileOptions, createRsaIssuer } from "../app/app-profile.js";
import { createKeyFinder } from "../issuer-keys/issuer-keys.js";
import type { Profile, RequiredGrant, VerifiedClaims } from "../token-kind.js";
import { aclAllows } from "./acl.js";
import { parseAclOf, parseApplicationId, verifyVonageClaims } from "./vonage-claims.js";

/**
 * Makes the profile of Vonage tokens: RS256, `application_id` a UUID and no `iss`, `exp`, `iat` and `jti`
 * required, a life of at most a day. A token with an `acl` is good for a request that its list allows and for
 * nothing else: `verify` wants to know the request then. One without a list isn't restricted.
 *
 * @example
 * ```ts
 * import { createVerifier, createVonageMinter, generateKeyPair, vonage } from "orgpass";
 *
 * const { privateKey, publicKey } = await generateKeyPair({ algorithm: "RS256" });
 * const applicationId = "aaaaaaaa-bbbb-cccc-dddd-0123456789ab";
 * const minter = createVonageMinter({ key: privateKey, applicationId });
 * const acl = { paths: { "/v1/users/**": { methods: ["GET"] } } };
 * const token = await minter.mint({ claims: { sub: "alice", acl } });
 *
 * const verifier = createVerifier({ profiles: [vonage({ keys: { [applicationId]: publicKey } })] });
 * const request = { method: "GET", path: "/v1/users/alice" };
 * (await verifier.verify(token, { request })).claims["sub"]; // => "alice"
 * const other = { method: "DELETE", path: "/v1/users/alice" };
 * await verifier.verify(token, { request: other }).catch((error) => error.code); // => "policy/acl"
 * ```
 * @param options the applications' public keys by their ids, and the server's names
 * @returns the profile, for `createVerifier`
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @throws {KeyError} `key/*` for a key that is no RSA public key of at least 2,048 bits
 */
export function vonage(options: AppProfileOptions): Profile {
	checkOptions(APP_OPTIONS, options, "vonage");
	const audience = Object.freeze([options.audience ?? []].flat() as string[]);
	const findKeys = createKeyFinder(options.keys, "vonage");
	return Object.freeze({
		name: "vonage",
		recognizes: ({ header, claims }: CompactJws) =>
			header["alg"] === "RS256" && claims["application_id"] !== undefined,
		parseIssuer: (jws: CompactJws) => createRsaIssuer(jws, parseApplicationId, findKeys),
		verifyClaims: ({ claims }: CompactJws, limits: TimeLimits): VerifiedClaims =>
			verifyVonageClaims(claims, audience, limits),
		assertGrant,
	}) satisfies Profile;
}

/** Refuses a token whose access control list doesn't allow the request, or can't be held against one. */
function assertGrant(claims: JsonObject, _scopes: readonly string[], { request }: RequiredGrant): void {
	const acl = parseAclOf(claims);
	if (acl !== undefined) assertAclAllows(acl, request);
}

/** Refuses a request that an access control list doesn't allow. */
export function assertAclAllows(acl: unknown, request: RequiredGrant["request"]): void {
	if (request === undefined) {
		throw new PolicyError(
			"policy/acl",
			"the token carries an acl: expected the request it is for, its method and path, beside the token",
		);
	}
	if (aclAllows(acl, request)) return;
	const { method, path } = request;
	throw new PolicyError(
		"policy/acl",
		`expected an acl that allows ${formatValue(method)} ${formatValue(path)}`,
	);
}
