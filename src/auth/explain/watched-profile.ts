/**
 * Profiles and policies that record what a verification asks of them. The verification itself is that of `verify`, so its
 * order and its decisions are the same.
 * @module
 */
import type { JsonObject } from "../../encoding/json.js";
import { isOrgpassError, type OrgpassError } from "../../errors/errors.js";
import type { CompactJws } from "../../jws/decode-token.js";
import type { Profile, ResolvedIssuer, TokenIssuer, VerifiedClaims } from "../../tokens/token-kind.js";
import { markExplained } from "../policies/explained-token.js";
import { applyPolicies, type Policy } from "../policies/policy.js";
import { signatureError } from "../verify-token.js";
import { ISSUER_STEPS, stepOfIssuerError, stepOfLookUpError } from "./error-steps.js";
import type { StepName } from "./explanation.js";
import { chainFacts, claimFacts, headerFacts, keyFacts, organizationFacts, recordFacts } from "./facts.js";
import type { LookUp, LookUps } from "./look-ups.js";
import type { Trace } from "./trace.js";
import type { Traces } from "./traces.js";

/** A verification whose steps are recorded. */
export interface Watch {
	readonly traces: Traces;
	readonly lookUps: LookUps;
	/** With it, only the steps after it are judged, and refusals end nothing. */
	readonly refusal: Refusal | undefined;
}

/** The step with which an earlier verification of the token ended. */
export interface Refusal {
	readonly trace: Trace;
	readonly step: StepName;
}

/** The lifetime and scopes of claims that were refused. */
const NO_CLAIMS: VerifiedClaims = Object.freeze({ expiresAt: undefined, scopes: Object.freeze([]) });

/** Unless a token passes these, nobody is asked what it grants. */
const AUTHENTICATION: ReadonlySet<StepName> = new Set(["claims", "signature", "validity"]);

/** A profile that records its steps. */
export function watchProfile(profile: Profile, watch: Watch): Profile {
	const { traces, lookUps, refusal } = watch;
	const trace = traces.of(profile.name);
	const judge = createJudge(trace, refusal);
	return {
		name: profile.name,
		recognizes(jws) {
			const isRecognized = profile.recognizes(jws);
			if (isRecognized) traces.recognized();
			trace.add("syntax");
			trace.open("kind");
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
		} catch (error) {
			const step = isOrgpassError(error) ? stepOfIssuerError(error.code) : "header";
			for (const passed of ISSUER_STEPS.slice(0, ISSUER_STEPS.indexOf(step))) trace.add(passed);
			trace.add(step, { error });
			throw error;
		}
	}

	function verifyClaims(...[jws, limits]: Parameters<Profile["verifyClaims"]>): VerifiedClaims {
		const startedAt = performance.now();
		try {
			const claims = profile.verifyClaims(jws, limits);
			trace.add("claims", { facts: claimFacts(jws.claims), durationMs: performance.now() - startedAt });
			return claims;
		} catch (error) {
			trace.add("claims", { error, facts: claimFacts(jws.claims) });
			if (refusal?.step === "claims") return NO_CLAIMS;
			throw error;
		}
	}

	async function resolve(tokenIssuer: TokenIssuer): Promise<ResolvedIssuer> {
		const startedAt = performance.now();
		trace.open(tokenIssuer.lookUp === undefined ? "key" : "record");
		const found = lookUps.start(profile.name, tokenIssuer);
		try {
			const resolved = await found.resolving;
			const durationMs = performance.now() - startedAt;
			if (tokenIssuer.lookUp === undefined) trace.add("key", { durationMs });
			else addOrganization(trace, tokenIssuer, found);
			return watchResolved(resolved, tokenIssuer, judge);
		} catch (error) {
			if (tokenIssuer.lookUp === undefined || !isOrgpassError(error)) trace.add("key", { error });
			else addRefusal(trace, tokenIssuer, found, error);
			throw error;
		}
	}
}

/** Policies that record what they decide, one step each. */
export function watchPolicies(policies: readonly Policy[], { traces, refusal }: Watch): Policy[] {
	return policies.map((policy, place) => (token, required) => {
		markExplained(token);
		const judge = createJudge(traces.of(token.profile), refusal);
		const facts = (): JsonObject => ({ policy: policy.name || `policy ${place + 1}` });
		return judge("policy", async () => applyPolicies([policy], token, required), undefined, facts, place);
	});
}

function watchResolved(resolved: ResolvedIssuer, tokenIssuer: TokenIssuer, judge: Judge): ResolvedIssuer {
	const { organization, isStale, assertValidity } = resolved;
	const { signer } = tokenIssuer;
	return {
		...(organization !== undefined && { organization }),
		...(isStale !== undefined && { isStale }),
		findSigner: (jws) =>
			judge(
				"signature",
				() => findSigner(jws),
				signer,
				(keyId) => ({ signer: keyId }),
			),
		...(assertValidity && {
			assertValidity: (limits) => judge("validity", async () => resolved.assertValidity?.(limits), undefined),
		}),
	};

	async function findSigner(jws: CompactJws): Promise<string> {
		const keyId = await resolved.findSigner(jws);
		if (keyId === undefined) throw signatureError(tokenIssuer);
		return keyId;
	}
}

/** Runs a check and records it. */
type Judge = <T>(
	step: StepName,
	check: () => Promise<T>,
	passed: T,
	factsOf?: (result: T) => JsonObject,
	place?: number,
) => Promise<T>;

/** After a refusal, earlier checks count as passed, and later ones refuse nothing. */
function createJudge(trace: Trace, refusal: Refusal | undefined): Judge {
	return async (step, check, passed, factsOf = () => ({}), place = 0) => {
		if (refusal?.trace.has(step, place)) return passed;
		if (refusal !== undefined && isGrant(step) && AUTHENTICATION.has(refusal.step)) {
			trace.add(step, { isSkipped: true, facts: factsOf(passed) }, place);
			return passed;
		}
		const startedAt = performance.now();
		try {
			const result = await check();
			trace.add(step, { facts: factsOf(result), durationMs: performance.now() - startedAt }, place);
			// What the call itself requires is checked after all of these.
			trace.open("grant");
			return result;
		} catch (error) {
			trace.add(step, { error, facts: factsOf(passed), durationMs: performance.now() - startedAt }, place);
			if (refusal !== undefined) return passed;
			throw error;
		}
	};
}

function isGrant(step: StepName): boolean {
	return step === "grant" || step === "policy";
}

/** Records why an organization, or its key, can't be used; the steps before that were passed. */
function addRefusal(trace: Trace, tokenIssuer: TokenIssuer, found: LookUp, error: OrgpassError): void {
	const step = stepOfLookUpError(error.code);
	if (step !== "chain") trace.add("chain", { facts: chainFacts(tokenIssuer.issuer) });
	if (step !== "chain" && step !== "record") addRecord(trace, found);
	if (step === "document" || step === "key")
		trace.add("organization", { facts: organizationFacts(found.organization()) });
	trace.add(step, { error, facts: step === "key" ? { keyId: tokenIssuer.signer } : {} });
}

function addOrganization(trace: Trace, { issuer, signer }: TokenIssuer, found: LookUp): void {
	trace.add("chain", { facts: chainFacts(issuer) });
	addRecord(trace, found);
	trace.add("organization", { facts: organizationFacts(found.organization()) });
	trace.add("key", { facts: keyFacts(found.organization(), signer) });
}

function addRecord(trace: Trace, { organization, source, durationMs }: LookUp): void {
	trace.add("record", { facts: recordFacts(organization()), source: source(), durationMs: durationMs() });
}
