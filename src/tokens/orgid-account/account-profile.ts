/**
 * The profile of tokens that an Ethereum account signs for an organization: one factory for the three forms.
 * @module
 */
import { type CanonicalDidUrl, formatDidUrl } from "../../did/did-url.js";
import type { JsonObject } from "../../encoding/json.js";
import type { TimeLimits } from "../../jws/claims.js";
import { assertComplete, type CompactJws } from "../../jws/decode-token.js";
import type { OrgRecord } from "../../registry/org-record.js";
import { createKnownIssuers } from "../orgid/known-issuers.js";
import { toAudienceNames } from "../orgid/organization-audience.js";
import { verifyOrganizationClaims } from "../orgid/organization-claims.js";
import { createIssuerParser, type IssuerParser } from "../orgid/organization-issuer.js";
import type { OrgIdProfileOptions } from "../orgid/orgid.js";
import type { ResolvedOrganization } from "../orgid/resolve-organization.js";
import { createReadiness } from "../orgid/resolver-readiness.js";
import type { Profile, ResolvedIssuer, TokenIssuer } from "../token-kind.js";
import { type AccountProviders, type CandidateAccount, createAccountSigners } from "./account-signer.js";

export interface AccountProfileOptions extends Omit<OrgIdProfileOptions, "requireIssuedAt">, AccountProviders {}

/** Who may have signed a token. */
export interface AccountCandidates {
	readonly candidates: readonly CandidateAccount[];
	/** The registry's record, if the form needs it or the resolver provides it. */
	readonly organization: OrgRecord | undefined;
	/** Throws if the account isn't valid now. */
	readonly assertValidity?: (limits: TimeLimits) => void;
}

/** What differs between the three forms when they are verified. */
export interface AccountForm {
	readonly name: string;
	recognizes(jws: CompactJws): boolean;
	/** Checks the header; returns the DID of the issuer, with the fragment of the account if the token names one. */
	parseIssuer(jws: CompactJws, parseIss: IssuerParser): CanonicalDidUrl;
	/** Describes who must have signed, for error messages. */
	describeSigner(issuer: CanonicalDidUrl): string;
	/** Finds the accounts that may have signed. */
	findCandidates(resolved: ResolvedOrganization, issuer: CanonicalDidUrl): AccountCandidates;
	/** Reads the signature, or returns undefined if it can't be one. */
	readSignature(jws: CompactJws): Uint8Array | undefined;
	/** Creates the function that computes the digest the account signed. */
	createHash(issuer: CanonicalDidUrl, organization: OrgRecord | undefined): (jws: CompactJws) => Uint8Array;
	/** Whether `iat` is required. Default: false. */
	readonly requireIssuedAt?: boolean;
	/** Checks or converts claims before the checks shared by all organizations' tokens. */
	prepareClaims?(claims: JsonObject): JsonObject;
}

/** Creates the profile of one form from options that are already checked. */
export function createAccountProfile(form: AccountForm, options: AccountProfileOptions): Profile {
	const { resolver } = options;
	const { requireIssuedAt = false } = form;
	const audience = toAudienceNames(options.audience, options.defaultChainId);
	const parseIss = createIssuerParser(options.chainIds, options.defaultChainId);
	const signers = createAccountSigners(options.providers);
	const issuers = createKnownIssuers(resolver);

	return Object.freeze({
		name: form.name,
		recognizes: form.recognizes,
		parseIssuer,
		verifyClaims: ({ claims }: CompactJws, limits: TimeLimits) =>
			verifyOrganizationClaims(form.prepareClaims?.(claims) ?? claims, { audience, requireIssuedAt }, limits),
		...createReadiness(resolver, options.chainIds),
	}) satisfies Profile;

	function parseIssuer(jws: CompactJws): TokenIssuer {
		const issuer = form.parseIssuer(jws, parseIss);
		return issuers.get(formatDidUrl(issuer), () => ({
			keyId: { fragment: "owner", ...issuer },
			signer: `${form.describeSigner(issuer)}${signers.hint(issuer.chainId)}`,
			toResolved: (resolved) => toResolved(resolved, issuer),
		}));
	}

	function toResolved(resolved: ResolvedOrganization, issuer: CanonicalDidUrl): ResolvedIssuer {
		const { candidates, organization, assertValidity } = form.findCandidates(resolved, issuer);
		const hash = form.createHash(issuer, organization);
		return Object.freeze({
			...(organization === undefined ? {} : { organization }),
			isStale: resolved.isStale,
			findSigner(jws: CompactJws) {
				assertComplete(jws);
				const signature = form.readSignature(jws);
				if (signature === undefined) return undefined;
				return signers.find(issuer.chainId, candidates, hash(jws), signature);
			},
			...(assertValidity === undefined ? {} : { assertValidity }),
		});
	}
}
