/**
 * Tokens that an organization's owner or director signs with an Ethereum account by `personal_sign` (EIP-191), as
 * Winding Tree's clients make them: `alg` ETH, `iss` the bare DID.
 * @module
 */
import * as z from "zod/mini";
import { assertHeader } from "../../jws/header.js";
import { checkOptions } from "../../options/check-options.js";
import { chainIdNumber } from "../../options/schemas.js";
import { ORGANIZATION_OPTIONS, type OrganizationProfileOptions } from "../orgid/organization-issuer.js";
import type { Profile } from "../token-kind.js";
import { type AccountForm, createAccountProfile } from "./account-profile.js";
import { hashEthToken } from "./account-signature.js";
import { type AccountProviders, candidateOf, PROVIDER_OPTIONS, recordOf } from "./account-signer.js";

/** Options of {@link orgidEth}. */
export interface OrgIdEthProfileOptions extends OrganizationProfileOptions, AccountProviders {
	/** The chain of issuers that don't name one; such issuers are refused by default. */
	readonly defaultChainId?: number | undefined;
}

const optionsSchema = z.strictObject(
	{ ...ORGANIZATION_OPTIONS, ...PROVIDER_OPTIONS, defaultChainId: z.optional(chainIdNumber) },
	"an object",
);

const FORM: AccountForm = {
	name: "orgid-eth",
	recognizes: ({ header }) => header["alg"] === "ETH",
	parseIssuer({ header, claims }, parseIss) {
		assertHeader(header, { algorithm: "ETH", keyId: claims["iss"] });
		return parseIss(claims["iss"], "did");
	},
	describeSigner: ({ did }) => `the owner or accepted director of ${did}`,
	findCandidates(resolved, { did }) {
		const organization = recordOf(resolved, did);
		const owner = candidateOf(organization, "owner");
		const director = candidateOf(organization, "director");
		const isSame = owner?.account.toLowerCase() === director?.account.toLowerCase();
		const candidates = [owner, isSame ? undefined : director].filter((one) => one !== undefined);
		return { organization, candidates };
	},
	readSignature: ({ signature }) => signature,
	digest: hashEthToken,
};

/**
 * Makes the profile of ETH tokens: `alg` exactly `ETH`, `typ` `JWT` or none, `kid` exactly `iss` or none,
 * `iss` a bare DID; signed by `personal_sign` over `header.payload` by the owner, or by the director once
 * they have accepted. Everything else is checked as `orgid` does, `exp` and `aud` too, which Winding Tree's
 * own servers left out. The token doesn't say which of the two accounts signed; `keyId` of the result does.
 *
 * @example
 * ```ts
 * import { createOrgIdEthMinter, createVerifier, orgidEth } from "orgpass";
 * import { startTestNetwork } from "orgpass/testing";
 *
 * const network = await startTestNetwork();
 * const [airline, hotel] = network.organizations;
 * const { did, owner } = airline;
 * const minter = createOrgIdEthMinter({ key: owner, issuer: did, audience: hotel.did, now: network.now });
 * const verifier = createVerifier({
 *   profiles: [orgidEth({ audience: hotel.did, resolver: network.resolver })],
 *   now: network.now,
 * });
 * (await verifier.verify(await minter.mint())).keyId === `${did}#owner`; // => true
 * await network.close();
 * ```
 * @param options the server's own DID, its resolver, and nodes for owners that are contracts
 * @returns the profile, for `createVerifier`
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 */
export function orgidEth(options: OrgIdEthProfileOptions): Profile {
	checkOptions(optionsSchema, options, "orgidEth");
	return createAccountProfile(FORM, options);
}
