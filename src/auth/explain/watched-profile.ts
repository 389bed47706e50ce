/**
 * Profiles and policies that record what a verification asks of them. The verification itself is that of `verify`, so its
 * order and its decisions are the same.
 * @module
 */
import type { JsonObject } from "../../encoding/json.js";
import { isOrgpassError, type OrgpassError } from "../../errors/errors.js";
import type { CompactJws } from "../../jws/decode-token.js";
import type { Profile, ResolvedIssuer, TokenIssuer, VerifiedClaims } from "../../tokens/token-kind.js";
import { isCounting } from "../policies/counting-policy.js";
import { applyPolicies, type Policy } from "../policies/policy.js";
import { verifyClaims as verifyClaimsOf } from "../select-profile.js";
import { nameOfSigner } from "../verify-token.js";
import { ISSUER_STEPS, stepOfIssuerError, stepOfLookUpError } from "./error-steps.js";
import { chainFacts, claimFacts, headerFacts, keyFacts, organizationFacts, recordFacts } from "./facts.js";
import { createJudge, type Judge, type Refusal } from "./judge.js";
import type { LookUp, LookUps } from "./look-ups.js";
import { type Trace, toError } from "./trace.js";
import type { Traces } from "./traces.js";

/** A verification whose steps are recorded. */
export interface Watch {
	readonly traces: Traces;
	readonly lookUps: LookUps;
	/** With it, only the steps after it are judged, and refusals end nothing. */
	readonly refusal: Refusal | undefined;
}

/** The lifetime and scopes of claims that were refused. */
const NO_CLAIMS: VerifiedClaims = Object.freeze({ expiresAt: undefined, scopes: Object.freeze([]) });

/** A profile that records its steps. */
export function watchProfile(profile: Profile, watch: Watch): Profile {
	const { traces, lookUps, refusal } = watch;
	const trace = traces.of(profile.name);
	const judge = createJudge(trace, refusal);
	return {
		name: profile.name,
		recognizes(jws) {
			trace.add("syntax");
			trace.open("kind");
			const isRecognized = profile.recognizes(jws);
			if (isRecognized) traces.recognized();
			return isRecognized;
		},
		parseIssuer(jws) {
			trace.add("syntax");
			trace.add("kind", { facts: { profile: profile.name } });
			const tokenIssuer = parseIssuer(jws);
			const { issuer, signer } = tokenIssuer;
			return { issuer, signer, resolve: () => resolve(tokenIssuer) };
		},
		verifyClaims,
		...(profile.assertGrant && {
			assertGrant: (...grant) => judge("grant", async () => profile.assertGrant?.(...grant), undefined),
		}),
	};

	function parseIssuer(jws: CompactJws): TokenIssuer {
		const startedAt = performance.now();
		try {
			const tokenIssuer = profile.parseIssuer(jws);
			trace.add("header", { facts: headerFacts(jws.header), durationMs: performance.now() - startedAt });
			trace.add("issuer", { facts: { issuer: tokenIssuer.issuer, signer: tokenIssuer.signer } });
			return tokenIssuer;
		} catch (thrown) {
			const error = toError(thrown);
			const step = isOrgpassError(error) ? stepOfIssuerError(error.code) : "header";
			for (const passed of ISSUER_STEPS.slice(0, ISSUER_STEPS.indexOf(step))) trace.add(passed);
			trace.add(step, { error });
			traces.refused();
			throw error;
		}
	}

	function verifyClaims(...[jws, limits]: Parameters<Profile["verifyClaims"]>): VerifiedClaims {
		const facts = claimFacts(jws.claims);
		const startedAt = performance.now();
		try {
			const claims = verifyClaimsOf(profile, jws, limits);
			trace.add("claims", { facts, durationMs: performance.now() - startedAt });
			return claims;
		} catch (thrown) {
			const error = toError(thrown);
			trace.add("claims", { error, facts });
			if (refusal?.step === "claims") return NO_CLAIMS;
			throw error;
		}
	}

	async function resolve(tokenIssuer: TokenIssuer): Promise<ResolvedIssuer> {
		const startedAt = performance.now();
		const found = lookUps.start(profile.name, tokenIssuer);
		trace.open(found.isOrganization ? "record" : "key");
		try {
			const resolved = await found.resolving;
			const durationMs = performance.now() - startedAt;
			if (found.isOrganization) addOrganization(trace, tokenIssuer, found);
			else trace.add("key", { durationMs });
			return watchResolved(resolved, tokenIssuer, judge, () => traces.settle(trace));
		} catch (thrown) {
			const error = toError(thrown);
			if (found.isOrganization && isOrgpassError(error)) addRefusal(trace, tokenIssuer, found, error);
			else trace.add("key", { error });
			throw error;
		}
	}
}

/** Policies that record what they decide, one step each. */
export function watchPolicies(policies: readonly Policy[], { traces, refusal }: Watch): Policy[] {
	return policies.map((policy, place) => (token, required) => {
		const trace = traces.of(token.profile);
		const facts = { policy: policy.name || `policy ${place + 1}` };
		// An explanation uses up nothing.
		if (isCounting(policy)) {
			if (!refusal?.trace.has("policy", place)) trace.add("policy", { facts, isSkipped: true }, place);
			return undefined;
		}
		const ask = async (): Promise<void> => applyPolicies([policy], token, required);
		return createJudge(trace, refusal)("policy", ask, undefined, () => facts, place);
	});
}

/** Only the selected profile's keys are asked who signed. */
function watchResolved(
	resolved: ResolvedIssuer,
	tokenIssuer: TokenIssuer,
	judge: Judge,
	onSelected: () => void,
): ResolvedIssuer {
	const { organization, isStale } = resolved;
	const { signer } = tokenIssuer;
	const findSigner = async (jws: CompactJws): Promise<string> =>
		nameOfSigner(await resolved.findSigner(jws), tokenIssuer);
	return {
		...(organization !== undefined && { organization }),
		...(isStale !== undefined && { isStale }),
		findSigner(jws) {
			onSelected();
			return judge(
				"signature",
				() => findSigner(jws),
				signer,
				(keyId): JsonObject => ({ signer: keyId }),
			);
		},
		...(resolved.assertValidity && {
			assertValidity: (limits) => judge("validity", async () => resolved.assertValidity?.(limits), undefined),
		}),
	};
}

/** Records why an organization, or its key, can't be used; the steps before that were passed. */
function addRefusal(trace: Trace, tokenIssuer: TokenIssuer, found: LookUp, error: OrgpassError): void {
	const step = stepOfLookUpError(error.code);
	if (step !== "chain") trace.add("chain", { facts: chainFacts(tokenIssuer.issuer) });
	// Without a record, a key that was seen revoked before is refused all the same.
	if (step !== "chain" && step !== "record" && found.organization() !== undefined) {
		addRecord(trace, found);
		if (step !== "organization") addState(trace, found);
	}
	trace.add(step, { error, facts: step === "key" ? { keyId: tokenIssuer.signer } : {} });
}

function addOrganization(trace: Trace, { issuer, signer }: TokenIssuer, found: LookUp): void {
	trace.add("chain", { facts: chainFacts(issuer) });
	addRecord(trace, found);
	addState(trace, found);
	trace.add("key", { facts: keyFacts(found.organization(), signer) });
}

function addRecord(trace: Trace, { organization, source, durationMs }: LookUp): void {
	trace.add("record", { facts: recordFacts(organization()), source: source(), durationMs: durationMs() });
}

function addState(trace: Trace, { organization }: LookUp): void {
	trace.add("organization", { facts: organizationFacts(organization()) });
}
