/**
 * Explains a verification: it runs as that of `verify` does, with profiles that record what they are asked. If it ends
 * with a refusal, it runs once more to judge the steps after that.
 * @module
 */
import pTimeout from "p-timeout";
import type { RequiredGrant } from "../../tokens/token-kind.js";
import type { VerifiedToken } from "../../tokens/verified-token.js";
import type { ReplayStore } from "../replay/replay-store.js";
import { assertUnspent } from "../replay/spend-token.js";
import { requiredPolicies } from "../required-policies.js";
import { createTokenVerification, type VerificationRules } from "../verify-token.js";
import { addDocument } from "./document-step.js";
import type { ExplainedStep, Explanation, StepName } from "./explanation.js";
import { createLookUps, type LookUps } from "./look-ups.js";
import { outcomeOf, type Trace, toError } from "./trace.js";
import { createTraces } from "./traces.js";
import { type Refusal, watchPolicies, watchProfile } from "./watched-profile.js";

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
	readonly onStep: (step: ExplainedStep) => void;
}

/** How a verification ended. */
interface Ended {
	readonly trace: Trace;
	readonly verified?: VerifiedToken;
	readonly error?: unknown;
}

/** The steps after whose refusal there is something to judge. */
const CONTINUED: ReadonlySet<StepName> = new Set(["claims", "signature", "validity", "grant", "policy"]);

/** Rejects only if the requirements are invalid. */
export async function explainToken(rules: ExplanationRules, question: Question): Promise<Explanation> {
	requiredPolicies(question.required);
	const lookUps = createLookUps();
	const { trace, verified, error } = await run(rules, question, lookUps);
	const step = error === undefined ? undefined : trace.close(error);
	const later = step === undefined ? undefined : await judgeLater(rules, question, lookUps, { trace, step });
	const lookedUp = trace.has("record") ? trace : (later ?? trace);
	const organization = await addOrganization(lookUps, lookedUp, rules.milliseconds);
	return Object.freeze({
		...(step === undefined
			? { outcome: "accepted" as const, token: verified as VerifiedToken }
			: { outcome: outcomeOf(error) as "denied" | "failed", step, error: toError(error) }),
		steps: Object.freeze([...trace.steps(), ...(later?.steps() ?? []).filter((one) => isLater(one, trace))]),
		...(organization !== undefined && { organization }),
	});
}

async function run(
	rules: ExplanationRules,
	{ token, required, onStep }: Question,
	lookUps: LookUps,
	refusal?: Refusal,
): Promise<Ended> {
	const traces = createTraces(refusal !== undefined, onStep);
	const watch = { traces, lookUps, refusal };
	const verifyToken = createTokenVerification({
		...rules,
		profiles: rules.profiles.map((profile) => watchProfile(profile, watch)),
		policies: watchPolicies(rules.policies, watch),
		remembered: undefined,
	});
	const { milliseconds, throwTimeout: fallback } = rules;
	try {
		const verifying = (async () => verifyToken(token, required, undefined))();
		const verified = await pTimeout(verifying, { milliseconds, fallback });
		const trace = traces.of(verified.profile);
		if (refusal === undefined && rules.replay !== undefined)
			await askStore(rules.replay, verified, trace, milliseconds);
		traces.settle(trace);
		return { trace, verified };
	} catch (error) {
		const trace = traces.thatThrew(error);
		trace.close(error);
		traces.settle(trace);
		return { trace, error };
	}
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

/** Judges the steps after the one that refused the token. */
async function judgeLater(
	rules: ExplanationRules,
	question: Question,
	lookUps: LookUps,
	refusal: Refusal,
): Promise<Trace | undefined> {
	if (!CONTINUED.has(refusal.step)) return undefined;
	const profiles = rules.profiles.filter(({ name }) => name === refusal.trace.profile);
	const onStep = (step: ExplainedStep): void => {
		if (isLater(step, refusal.trace)) question.onStep(step);
	};
	return (await run({ ...rules, profiles }, { ...question, onStep }, lookUps, refusal)).trace;
}

/** The second verification takes the first steps again; of the policies, it records only new ones. */
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
