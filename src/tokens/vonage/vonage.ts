/**
 * Tokens of Vonage's applications, with the access control list of their bearer.
 * @module
 */
import type { JsonObject } from "../../encoding/json.js";
import { formatValue, PolicyError } from "../../errors/errors.js";
import { type AppForm, type AppProfileOptions, createRsaProfile } from "../app/app-profile.js";
import type { Profile, RequiredGrant } from "../token-kind.js";
import { aclAllows } from "./acl.js";
import { parseAclOf, parseApplicationId, verifyVonageClaims } from "./vonage-claims.js";

const FORM: AppForm = {
	name: "vonage",
	recognizes: ({ header, claims }) => header["alg"] === "RS256" && claims["application_id"] !== undefined,
	parseIssuer: parseApplicationId,
	verifyClaims: verifyVonageClaims,
	assertGrant,
};

/**
 * Creates the profile of Vonage tokens: RS256; `application_id` is a UUID in any letter case, and `issuer` is the same
 * in lower case; `iss` must be absent; `iat` and `jti` are required; the lifetime is at most a day, and 15 minutes
 * without `exp`. A token with an `acl` is valid only for requests that the list allows, so `verify` needs the request.
 * A token without a list isn't restricted.
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
 * @param options the applications' public keys by their ids, and the server's own names
 * @returns the profile, for `createVerifier`
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @throws {KeyError} `key/*` for a key that isn't an RSA public key of at least 2,048 bits
 */
export function vonage(options: AppProfileOptions): Profile {
	return createRsaProfile(FORM, options, "vonage");
}

function assertGrant(claims: JsonObject, _scopes: readonly string[], { request }: RequiredGrant): void {
	const acl = parseAclOf(claims);
	if (acl !== undefined) assertAclAllows(acl, request);
}

/** Throws if an access control list doesn't allow the request, or the request isn't known. */
export function assertAclAllows(acl: unknown, request: RequiredGrant["request"]): void {
	if (request === undefined) {
		const message = "the token has an acl: expected the request's method and path in the options of verify";
		throw new PolicyError("policy/acl", message);
	}
	if (aclAllows(acl, request)) return;
	const { method, path } = request;
	const message = `expected an acl that allows ${formatValue(method)} ${formatValue(path)}`;
	throw new PolicyError("policy/acl", message);
}
