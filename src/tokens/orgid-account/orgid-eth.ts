/**
 * Tokens that an organization's owner or director signs with an Ethereum account by `personal_sign`
 * (EIP-191), as Winding Tree's clients make them: `alg` ETH, `iss` the bare DID.
 * @module
 */
import type { Resolvable } from "did-resolver";
import * as z from "zod/mini";
import type { CanonicalDidUrl } from "../../did/did-url.js";
import type { TimeLimits } from "../../jws/claims.js";
import type { CompactJws } from "../../jws/decode-token.js";
import { checkHeader } from "../../jws/header.js";
import { checkOptions } from "../../options/check-options.js";
import { chainIdNumber } from "../../options/schemas.js";
import { checkOrganizationClaims } from "../orgid/organization-claims.js";
import {
	createIssuerParser,
	ORGANIZATION_OPTIONS,
	type OrganizationProfileOptions,
} from "../orgid/organization-issuer.js";
import { resolveOrganization } from "../orgid/resolve-organization.js";
import type { Profile, ResolvedIssuer, TokenIssuer } from "../token-kind.js";
import { hashEthToken } from "./account-signature.js";
import {
	type AccountProviders,
	type AccountSigners,
	candidateOf,
	createAccountSigners,
	PROVIDER_OPTIONS,
	requireRecord,
} from "./account-signer.js";

/** Options of {@link orgidEth}. */
export interface OrgIdEthProfileOptions extends OrganizationProfileOptions, AccountProviders {
	/** The chain of issuers that name none; without it they are refused. */
	readonly defaultChainId?: number | undefined;
}

const optionsSchema = z.strictObject(
	{ ...ORGANIZATION_OPTIONS, ...PROVIDER_OPTIONS, defaultChainId: z.optional(chainIdNumber) },
	"an object",
);

/**
 * Makes the profile of ETH tokens: `alg` exactly `ETH`, `typ` `JWT` or none, `kid` exactly `iss` or none,
 * `iss` a bare DID; signed by `personal_sign` over `header.payload` by the owner, or by the director once
 * they have accepted. Everything else is checked as `orgid` does, `exp` and `aud` too, which Winding Tree's
 * own servers left out. The token doesn't say which of the two accounts signed; `keyId` of the result does.
 *
 * @example
 * ```ts
 * import { createMinter, createVerifier, orgidEth } from "orgpass";
 * import { startTestNetwork } from "orgpass/testing";
 *
 * const network = await startTestNetwork();
 * const [airline, hotel] = network.organizations;
 * const { did, owner } = airline;
 * const minter = createMinter({
 *   profile: "orgid-eth", key: owner, issuer: did, audience: hotel.did, now: network.now,
 * });
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
	const { resolver } = options;
	const audience = Object.freeze([options.audience].flat() as string[]);
	const parseIss = createIssuerParser(options.chainIds, options.defaultChainId);
	const signers = createAccountSigners(options.providers);

	return Object.freeze({
		name: "orgid-eth",
		recognizes: ({ header }: CompactJws) => header["alg"] === "ETH",
		parseIssuer,
		checkClaims: ({ claims }: CompactJws, limits: TimeLimits) =>
			checkOrganizationClaims(claims, audience, limits),
	}) satisfies Profile;

	function parseIssuer({ header, claims }: CompactJws): TokenIssuer {
		checkHeader(header, { algorithm: "ETH", keyId: claims["iss"] });
		const issuer = parseIss(claims["iss"], "did");
		return {
			issuer: issuer.did,
			signer: `the owner or accepted director of ${issuer.did}${signers.hint(issuer.chainId)}`,
			resolve: () => resolveIssuer(resolver, issuer, signers),
		};
	}
}

async function resolveIssuer(
	resolver: Resolvable,
	issuer: CanonicalDidUrl,
	signers: AccountSigners,
): Promise<ResolvedIssuer> {
	const resolved = await resolveOrganization(resolver, { ...issuer, fragment: "owner" });
	const organization = requireRecord(resolved, issuer.did);
	const owner = candidateOf(organization, "owner");
	const director = candidateOf(organization, "director");
	const isSame = owner?.account.toLowerCase() === director?.account.toLowerCase();
	const candidates = [owner, isSame ? undefined : director].filter((one) => one !== undefined);
	return {
		organization,
		findSigner: (jws) => signers.find(issuer.chainId, candidates, hashEthToken(jws), jws.signature),
		checkValidity() {},
	};
}
