/**
 * Tokens of organizations with an ORGiD: ES256K; `iss` names a key of the organization, which the registry (or any
 * other did-resolver `Resolvable`) provides.
 * @module
 */
import * as v from "valibot";
import { type CanonicalDidUrl, formatDidUrl } from "../../did/did-url.js";
import { importVerificationKey, selectVerificationMethod } from "../../did/verification-method.js";
import type { TimeLimits } from "../../jws/claims.js";
import { type CompactJws, signedTextOf } from "../../jws/decode-token.js";
import { assertHeader } from "../../jws/header.js";
import { verifySync } from "../../keys/public-key.js";
import { assertOptions } from "../../options/assert-options.js";
import { optionsSchema } from "../../options/schemas.js";
import { chainIdNumber } from "../../options/value-schemas.js";
import type { Profile, ResolvedIssuer, TokenIssuer } from "../token-kind.js";
import { createKnownIssuers } from "./known-issuers.js";
import { createValidityCheck } from "./method-validity.js";
import { toAudienceNames } from "./organization-audience.js";
import { verifyOrganizationClaims } from "./organization-claims.js";
import { createIssuerParser, ORGANIZATION_OPTIONS, type OrganizationProfileOptions } from "./organization-issuer.js";
import type { ResolvedOrganization } from "./resolve-organization.js";
import { createReadiness } from "./resolver-readiness.js";

/** Options of {@link orgid}. */
export interface OrgIdProfileOptions extends OrganizationProfileOptions {
	/**
	 * The chain of issuers that don't name one; without it, they are refused. An audience on this chain is also
	 * accepted in `aud` without its chain id.
	 */
	readonly defaultChainId?: number | undefined;
	/** Whether `iat` is required; without `iat`, the lifetime counts from the verification. Default: true. */
	readonly requireIssuedAt?: boolean | undefined;
}

/** The shape of the options that `orgid` shares with Winding Tree's account tokens, to spread into a profile's own. */
export const ORGID_OPTIONS: Record<Exclude<keyof OrgIdProfileOptions, "requireIssuedAt">, v.GenericSchema> = {
	...ORGANIZATION_OPTIONS,
	defaultChainId: v.optional(chainIdNumber),
};

/** The schema of `requireIssuedAt`. */
export const REQUIRE_ISSUED_AT: v.GenericSchema = v.optional(v.boolean("true or false"));

const schema = optionsSchema<OrgIdProfileOptions>({ ...ORGID_OPTIONS, requireIssuedAt: REQUIRE_ISSUED_AT });

/**
 * Creates the profile of ORGiD tokens. It refuses any algorithm but ES256K, headers that embed a key or say where to
 * fetch one, an `iss` without a fragment or on another chain, a `kid` that isn't `iss`, tokens without `exp` or `iat`
 * or for another audience, organizations that are unknown or deactivated, and keys that are unknown, revoked or not
 * valid now.
 *
 * @example
 * ```ts
 * import { createOrgIdResolver, createVerifier, orgid } from "orgpass";
 *
 * const resolver = createOrgIdResolver({
 *   networks: [{ chainId: 31337, rpcUrl: "http://127.0.0.1:8545", registry: `0x${"11".repeat(20)}` }],
 * });
 * const audience = `did:orgid:31337:0x${"0a".repeat(32)}`;
 * const verifier = createVerifier({ profiles: [orgid({ audience, resolver, chainIds: [31337] })] });
 * await verifier.verify("not a token").catch((error) => error.code); // => "token/malformed"
 * resolver.close();
 * ```
 * @param options the server's own DID and its resolver
 * @returns the profile, for `createVerifier`
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 */
export function orgid(options: OrgIdProfileOptions): Profile {
	assertOptions(schema, options, "orgid");
	const { resolver, requireIssuedAt = true } = options;
	const audience = toAudienceNames(options.audience, options.defaultChainId);
	const parseIss = createIssuerParser(options.chainIds, options.defaultChainId);
	const issuers = createKnownIssuers(resolver);

	return Object.freeze({
		name: "orgid",
		recognizes: ({ header }: CompactJws) => header["alg"] === "ES256K",
		parseIssuer,
		verifyClaims: ({ claims }: CompactJws, limits: TimeLimits) =>
			verifyOrganizationClaims(claims, { audience, requireIssuedAt }, limits),
		...createReadiness(resolver, options.chainIds),
	}) satisfies Profile;

	function parseIssuer({ header, claims }: CompactJws): TokenIssuer {
		const iss = claims["iss"];
		assertHeader(header, { algorithm: "ES256K", keyId: iss });
		return issuers.get(iss, () => {
			const keyId = parseIss(iss, "did-url");
			return { keyId, signer: formatDidUrl(keyId), toResolved: findKey };
		});
	}
}

function findKey(resolved: ResolvedOrganization, keyId: CanonicalDidUrl, name: string): ResolvedIssuer {
	const { document, organization, isStale } = resolved;
	const method = selectVerificationMethod(document, keyId);
	const publicKey = importVerificationKey(method);
	return Object.freeze({
		...(organization === undefined ? {} : { organization }),
		isStale,
		findSigner: (jws: CompactJws) => (verifySync(publicKey, signedTextOf(jws), jws.signature) ? name : undefined),
		assertValidity: createValidityCheck(method, keyId, resolved, name),
	});
}
