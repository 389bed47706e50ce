/**
 * Tokens that an organization's owner or director signs with an Ethereum account, in a form made so that a
 * wallet shows what is signed: EIP-712 typed data with the issuer, the audience, the scopes and the end.
 * @module
 */
import type { Resolvable } from "did-resolver";
import * as z from "zod/mini";
import { type CanonicalDidUrl, formatDidUrl } from "../../did/did-url.js";
import { DidError } from "../../errors/errors.js";
import { parseWholeExp, type TimeLimits } from "../../jws/claims.js";
import type { CompactJws } from "../../jws/decode-token.js";
import { checkHeader } from "../../jws/header.js";
import { checkOptions } from "../../options/check-options.js";
import { checkOrganizationClaims } from "../orgid/organization-claims.js";
import {
	createIssuerParser,
	ORGANIZATION_OPTIONS,
	type OrganizationProfileOptions,
} from "../orgid/organization-issuer.js";
import { resolveOrganization } from "../orgid/resolve-organization.js";
import type { CheckedClaims, Profile, ResolvedIssuer, TokenIssuer } from "../token-kind.js";
import { ACCOUNT_ALGORITHM, ACCOUNT_TYPE, hashAccountToken } from "./account-signature.js";
import {
	type AccountProviders,
	type AccountSigners,
	candidateOf,
	createAccountSigners,
	PROVIDER_OPTIONS,
	requireRecord,
} from "./account-signer.js";

/** Options of {@link orgidAccount}. */
export interface OrgIdAccountProfileOptions extends OrganizationProfileOptions, AccountProviders {}

/** The DID URL of an organization's account. */
type AccountUrl = CanonicalDidUrl & { readonly fragment: "owner" | "director" };

const optionsSchema = z.strictObject({ ...ORGANIZATION_OPTIONS, ...PROVIDER_OPTIONS }, "an object");

/**
 * Makes the profile of tokens that an organization's account signs: header
 * `{"alg":"EIP712","typ":"orgid-account+jwt","kid":"<iss>#owner"}` or `#director`, all three required; `iss`
 * the bare DID with its chain; `exp` whole seconds. The signature is over the typed data of
 * `accountTokenData`, in the domain of the issuer's registry, so it counts on no other chain or registry.
 * Everything else is checked as `orgid` does. The director counts once they have accepted.
 *
 * @example
 * ```ts
 * import { createMinter, createVerifier, orgidAccount } from "orgpass";
 * import { startTestNetwork } from "orgpass/testing";
 *
 * const network = await startTestNetwork();
 * const [airline, hotel] = network.organizations;
 * const registry = network.registry.address;
 * const minter = createMinter({
 *   profile: "orgid-account", key: airline.owner, issuer: airline.did, registry, audience: hotel.did, now: network.now,
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
	checkOptions(optionsSchema, options, "orgidAccount");
	const { resolver } = options;
	const audience = Object.freeze([options.audience].flat() as string[]);
	const parseIss = createIssuerParser(options.chainIds, undefined);
	const signers = createAccountSigners(options.providers);

	return Object.freeze({
		name: "orgid-account",
		recognizes: ({ header }: CompactJws) =>
			header["alg"] === ACCOUNT_ALGORITHM && header["typ"] === ACCOUNT_TYPE,
		parseIssuer,
		checkClaims,
	}) satisfies Profile;

	function parseIssuer({ header, claims }: CompactJws): TokenIssuer {
		const iss = claims["iss"];
		const fragment = typeof iss === "string" && header["kid"] === `${iss}#director` ? "director" : "owner";
		checkHeader(header, {
			algorithm: ACCOUNT_ALGORITHM,
			type: ACCOUNT_TYPE,
			keyId: typeof iss === "string" ? `${iss}#${fragment}` : undefined,
			isKeyIdRequired: true,
		});
		const keyId: AccountUrl = { ...parseIss(iss, "did"), fragment };
		return {
			issuer: keyId.did,
			signer: `${formatDidUrl(keyId)}${signers.hint(keyId.chainId)}`,
			resolve: () => resolveIssuer(resolver, keyId, signers),
		};
	}

	function checkClaims({ claims }: CompactJws, limits: TimeLimits): CheckedClaims {
		const checked = checkOrganizationClaims(claims, audience, limits);
		parseWholeExp(claims);
		return checked;
	}
}

async function resolveIssuer(
	resolver: Resolvable,
	keyId: AccountUrl,
	signers: AccountSigners,
): Promise<ResolvedIssuer> {
	const resolved = await resolveOrganization(resolver, keyId);
	const organization = requireRecord(resolved, keyId.did);
	const { chainId, fragment } = keyId;
	const candidate = candidateOf(organization, fragment);
	if (candidate === undefined) {
		throw new DidError("did/key-not-found", `${keyId.did} has no ${fragment} who may sign`);
	}
	return {
		organization,
		findSigner: (jws) => {
			const digest = hashAccountToken(jws, { chainId, registry: organization.registry });
			return signers.find(chainId, [candidate], digest, jws.signature);
		},
		checkValidity() {},
	};
}
