/**
 * Explains a verification: it runs as that of `verify` does, with profiles that record what they are asked. If it ends
 * with a refusal, it runs once more to judge the steps after that.
 * @module
 */
import pTimeout from "p-timeout";
import { ignoreRejection } from "../../encoding/ignore-rejection.js";
import type { RequiredGrant } from "../../tokens/token-kind.js";
import type { VerifiedToken } from "../../tokens/verified-token.js";
import type { ReplayStore } from "../replay/replay-store.js";
import { assertUnspent } from "../replay/spend-token.js";
import { createTokenVerification, type VerificationRules } from "../verify-token.js";
import { addDocument } from "./document-step.js";
import type { ExplainedStep, Explanation, StepName } from "./explanation.js";
import { AUTHENTICATION, type Refusal } from "./judge.js";
import { createLookUps, type LookUps } from "./look-ups.js";
import { outcomeOf, type Trace, toError } from "./trace.js";
import { createTraces } from "./traces.js";
import { watchPolicies, watchProfile } from "./watched-profile.js";

/** The rules of a verifier. */
export interface ExplanationRules extends VerificationRules {
	readonly replay: ReplayStore | undefined;
	/** How long one verification may take. */
	readonly milliseconds: number;
	/** Throws what a verification throws that takes too long. */
	readonly throwTimeout: () => never;
}

/** What is explained, and to whom. */
export interface Question {
	readonly token: string;
	readonly required: RequiredGrant;
	readonly onStep: (step: ExplainedStep) => unknown;
}

/** How a verification ended. */
interface Ended {
	readonly trace: Trace;
	readonly verified?: VerifiedToken;
	readonly error?: Error;
	/** Whether the token may be one of several profiles. */
	readonly isAmbiguous: boolean;
}

/** One verification of an explanation. */
interface Run extends Question {
	readonly lookUps: LookUps;
	readonly milliseconds: number;
	readonly refusal?: Refusal;
}

/** The steps after whose refusal there is something to judge. */
const CONTINUED: ReadonlySet<StepName> = new Set(["claims", "signature", "validity", "grant", "policy"]);

/** Never rejects. */
export async function explainToken(rules: ExplanationRules, question: Question): Promise<Explanation> {
	const endsAt = performance.now() + rules.milliseconds;
	const left = (): number => Math.max(endsAt - performance.now(), 0);
	const onStep = (step: ExplainedStep): void => notify(question.onStep, step);
	const run = { ...question, onStep, lookUps: createLookUps(), milliseconds: rules.milliseconds };
	const first = await verifyOnce(rules, run);
	const { trace, verified, error } = first;
	const step = error && trace.close(error);
	const later = step && (await judgeLater(rules, { ...run, milliseconds: left() }, first, step));
	const organization = await addOrganization(run.lookUps, trace.has("record") ? trace : (later ?? trace), left());
	return Object.freeze({
		...(error === undefined || step === undefined
			? { outcome: "accepted" as const, token: verified as VerifiedToken }
			: { outcome: outcomeOf(error), step, error }),
		steps: Object.freeze([...trace.steps(), ...(later?.steps() ?? []).filter((one) => isLater(one, trace))]),
		...(organization !== undefined && { organization }),
	});
}

async function verifyOnce(rules: ExplanationRules, run: Run): Promise<Ended> {
	const { token, required, onStep, lookUps, milliseconds, refusal } = run;
	const traces = createTraces(refusal !== undefined, onStep);
	const watch = { traces, lookUps, refusal };
	const verifyToken = createTokenVerification({
		...rules,
		profiles: rules.profiles.map((profile) => watchProfile(profile, watch)),
		policies: watchPolicies(rules.policies, watch),
		remembered: undefined,
	});
	const startedAt = performance.now();
	try {
		const verifying = (async () => verifyToken(token, required, undefined))();
		const verified = await pTimeout(verifying, { milliseconds, fallback: rules.throwTimeout });
		const trace = traces.of(verified.profile);
		const profile = rules.profiles.find(({ name }) => name === verified.profile);
		if (profile?.assertGrant !== undefined || isAnythingRequired(required)) trace.add("grant");
		if (rules.replay !== undefined && refusal === undefined) {
			await askStore(rules.replay, verified, trace, milliseconds - (performance.now() - startedAt));
		}
		traces.settle(trace);
		return { trace, verified, isAmbiguous: traces.areSeveral() };
	} catch (thrown) {
		const error = toError(thrown);
		const trace = traces.thatThrew(error);
		trace.close(error);
		traces.settle(trace);
		return { trace, error, isAmbiguous: traces.areSeveral() };
	}
}

function isAnythingRequired({ scope, resource, operation }: RequiredGrant): boolean {
	return scope !== undefined || resource !== undefined || operation !== undefined;
}

/** Whether the token was used before; it isn't used now. */
async function askStore(
	store: ReplayStore,
	verified: VerifiedToken,
	trace: Trace,
	milliseconds: number,
): Promise<void> {
	const startedAt = performance.now();
	trace.open("replay");
	const isKnown = await assertUnspent(store, verified, milliseconds);
	trace.add("replay", { isSkipped: !isKnown, durationMs: performance.now() - startedAt });
}

/** Judges the steps after the one that refused the token. Which of several profiles it is for isn't known before the keys. */
async function judgeLater(
	rules: ExplanationRules,
	run: Run,
	{ trace, error, isAmbiguous }: Ended,
	step: StepName,
): Promise<Trace | undefined> {
	const isUnclear = isAmbiguous && step === "claims";
	if (error === undefined || outcomeOf(error) !== "denied" || !CONTINUED.has(step) || isUnclear) return undefined;
	const onStep = (later: ExplainedStep): void => {
		if (isLater(later, trace)) run.onStep(later);
	};
	const profiles = rules.profiles.filter(({ name }) => name === trace.profile);
	// What an unauthenticated token would grant isn't judged.
	const required = AUTHENTICATION.has(step) ? {} : run.required;
	const second = await verifyOnce({ ...rules, profiles }, { ...run, required, onStep, refusal: { trace, step } });
	second.trace.end();
	return second.trace;
}

/** The second verification repeats the first steps; of the policies, it records only those not asked before. */
function isLater({ name }: ExplainedStep, first: Trace): boolean {
	return name === "policy" || !first.has(name);
}

/** Returns the organization that was looked up, and adds what became of its document. */
async function addOrganization(
	lookUps: LookUps,
	trace: Trace,
	milliseconds: number,
): Promise<Explanation["organization"]> {
	for (const lookUp of lookUps.started()) {
		const organization = lookUp.organization();
		if (organization === undefined) continue;
		await pTimeout(addDocument(trace, organization, lookUp), { milliseconds, fallback: () => undefined });
		return organization;
	}
	return undefined;
}

function notify(onStep: (step: ExplainedStep) => unknown, step: ExplainedStep): void {
	try {
		ignoreRejection(onStep(step));
	} catch {
		// Whoever watches must not change the explanation.
	}
}
