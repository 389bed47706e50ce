/**
 * Tokens that an organization's owner or director signs with an Ethereum account, in a form that a wallet can show:
 * EIP-712 typed data with the issuer, the audience, the scopes and the expiration time.
 * @module
 */
import { formatDidUrl } from "../../did/did-url.js";
import { DidError } from "../../errors/errors.js";
import { parseWholeExp } from "../../jws/claims.js";
import { assertHeader, isMediaType } from "../../jws/header.js";
import { assertOptions } from "../../options/assert-options.js";
import { optionsSchema } from "../../options/schemas.js";
import type { OrgRecord } from "../../registry/org-record.js";
import { ORGANIZATION_OPTIONS, type OrganizationProfileOptions } from "../orgid/organization-issuer.js";
import { type OrgIdProfileOptions, REQUIRE_ISSUED_AT } from "../orgid/orgid.js";
import type { Profile } from "../token-kind.js";
import { type AccountForm, createAccountProfile } from "./account-profile.js";
import { ACCOUNT_ALGORITHM, ACCOUNT_TYPE, createAccountTokenHash } from "./account-signature.js";
import { type AccountProviders, candidateOf, PROVIDER_OPTIONS, recordOf } from "./account-signer.js";

/** Options of {@link orgidAccount}. */
export interface OrgIdAccountProfileOptions
	extends OrganizationProfileOptions,
		Pick<OrgIdProfileOptions, "requireIssuedAt">,
		AccountProviders {}

const schema = optionsSchema<OrgIdAccountProfileOptions>({
	...ORGANIZATION_OPTIONS,
	...PROVIDER_OPTIONS,
	requireIssuedAt: REQUIRE_ISSUED_AT,
});

const FORM: AccountForm = {
	name: "orgid-account",
	recognizes: ({ header }) => header["alg"] === ACCOUNT_ALGORITHM && isMediaType(header["typ"], ACCOUNT_TYPE),
	parseIssuer({ header, claims }, parseIss) {
		const iss = claims["iss"];
		const fragment = typeof iss === "string" && header["kid"] === `${iss}#director` ? "director" : "owner";
		assertHeader(header, {
			algorithm: ACCOUNT_ALGORITHM,
			type: ACCOUNT_TYPE,
			keyId: typeof iss === "string" ? `${iss}#${fragment}` : undefined,
			isKeyIdRequired: true,
		});
		return { ...parseIss(iss, "did"), fragment };
	},
	describeSigner: formatDidUrl,
	findCandidates(resolved, { did, fragment }) {
		const organization = recordOf(resolved, did);
		const candidate = candidateOf(organization, fragment === "director" ? "director" : "owner");
		if (candidate === undefined) throw new DidError("did/key-not-found", `${did} has no ${fragment} who may sign`);
		return { organization, candidates: [candidate] };
	},
	readSignature: ({ signature }) => signature,
	createHash: ({ chainId }, organization) =>
		createAccountTokenHash({ chainId, registry: (organization as OrgRecord).registry }),
	prepareClaims(claims) {
		parseWholeExp(claims);
		return claims;
	},
};

/**
 * Creates the profile of tokens that an organization's owner or director signs. The header is
 * `{"alg":"EIP712","typ":"orgid-account+jwt","kid":"<iss>#owner"}`, or `#director`; all three members are required.
 * `iss` is the bare DID with its chain, and `exp` is a whole number of seconds. The signature is over the typed data of
 * `accountTokenData`, in the domain of the issuer's registry, so it isn't valid on another chain or registry.
 * Everything else is checked as in `orgid` tokens, so `iat` is required. A director's signature is valid once they have
 * accepted.
 *
 * @example
 * ```ts
 * import { createOrgIdAccountMinter, createVerifier, orgidAccount } from "orgpass";
 * import { startTestNetwork } from "orgpass/testing";
 *
 * const network = await startTestNetwork();
 * const [airline, hotel] = network.organizations;
 * const registry = network.registry.address;
 * const minter = createOrgIdAccountMinter({
 *   key: airline.owner, issuer: airline.did, registry, audience: hotel.did, now: network.now,
 * });
 * const verifier = createVerifier({
 *   profiles: [orgidAccount({ audience: hotel.did, resolver: network.resolver })],
 *   now: network.now,
 * });
 * const { keyId } = await verifier.verify(await minter.mint({ scope: "book" }));
 * keyId === `${airline.did}#owner`; // => true
 * await network.close();
 * ```
 * @param options the server's own DID, its resolver, and nodes for owners that are contracts
 * @returns the profile, for `createVerifier`
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 */
export function orgidAccount(options: OrgIdAccountProfileOptions): Profile {
	assertOptions(schema, options, "orgidAccount");
	const { requireIssuedAt = true } = options;
	return createAccountProfile({ ...FORM, requireIssuedAt }, options);
}
