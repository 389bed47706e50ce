/**
 * Tokens that an organization's owner or director signs with an Ethereum account by `personal_sign` (EIP-191), like
 * those of Winding Tree's clients: `alg` is ETH, `iss` is the bare DID.
 * @module
 */
import { assertHeader } from "../../jws/header.js";
import { assertOptions } from "../../options/assert-options.js";
import { optionsSchema } from "../../options/schemas.js";
import { ORGID_OPTIONS, type OrgIdProfileOptions } from "../orgid/orgid.js";
import type { Profile } from "../token-kind.js";
import { type AccountForm, createAccountProfile } from "./account-profile.js";
import { hashEthToken } from "./account-signature.js";
import { type AccountProviders, candidateOf, PROVIDER_OPTIONS, recordOf } from "./account-signer.js";

/** Options of {@link orgidEth}. */
export interface OrgIdEthProfileOptions extends Omit<OrgIdProfileOptions, "requireIssuedAt">, AccountProviders {}

const schema = optionsSchema<OrgIdEthProfileOptions>({ ...ORGID_OPTIONS, ...PROVIDER_OPTIONS });

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
		const candidates = [owner, isSame ? undefined : director].filter((candidate) => candidate !== undefined);
		return { organization, candidates };
	},
	readSignature: ({ signature }) => signature,
	createHash: () => hashEthToken,
};

/**
 * Creates the profile of ETH tokens: `alg` is exactly `ETH`, `typ` is `JWT` or absent, `kid` is `iss` or absent, and
 * `iss` is a bare DID. The owner, or the director once they have accepted, signs `header.payload` with `personal_sign`.
 * Everything else is checked as in `orgid` tokens, including `exp` and `aud`, which Winding Tree's own servers didn't
 * check. The token doesn't say which of the two accounts signed; `keyId` of the result does.
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
	assertOptions(schema, options, "orgidEth");
	return createAccountProfile(FORM, options);
}
