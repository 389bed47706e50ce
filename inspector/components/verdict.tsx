/** @module */
import type { VerifiedToken } from "orgpass/auth";
import type { JSX } from "preact";
import { isCoded, useAdvice } from "../advice.ts";
import type { Judgement } from "../judging/use-judgement.ts";
import { makeVisible } from "../token-parts.ts";
import { messageOf } from "./steps.tsx";

interface VerdictProps {
	readonly judgement: Judgement | undefined;
	/** Whether the registry may have changed since. */
	readonly isOutdated: boolean;
}

/** Whether the token is accepted; if not, why, and what to do about it. Screen readers read each new verdict. */
export function Verdict({ judgement, isOutdated }: VerdictProps): JSX.Element {
	const error = judgement?.problem ?? judgement?.explanation?.error;
	const advice = useAdvice(error);
	const accepted = judgement?.explanation?.token;
	const [outcome, title] = describe(judgement);
	return (
		<div class={`verdict ${outcome}`} role="status" data-outcome={outcome} data-step={judgement?.explanation?.step}>
			<p class="verdict-title">{title}</p>
			{accepted !== undefined && <p>{describeToken(accepted)}</p>}
			{isOutdated && (
				<p class="outdated">The node doesn't answer any more: the registry may have changed since this was judged.</p>
			)}
			{error !== undefined && <p>{messageOf(error)}</p>}
			{error !== undefined && isCoded(error) && advice !== undefined && <p class="advice">{advice}</p>}
		</div>
	);
}

function describeToken({ issuer, scopes }: VerifiedToken): string {
	const granted = scopes.length === 0 ? "no scope" : makeVisible(scopes.join(", "));
	return `Issued by ${makeVisible(issuer)}. It grants ${granted}.`;
}

function describe(judgement: Judgement | undefined): readonly [outcome: string, title: string] {
	if (judgement === undefined) return ["empty", "Paste a token to see why it is accepted or refused."];
	const { explanation, problem } = judgement;
	if (problem !== undefined) return ["problem", "This can't be judged yet"];
	if (explanation === undefined) return ["running", "Judging…"];
	const { outcome, step } = explanation;
	if (outcome === "accepted") return [outcome, "Accepted: every step passed"];
	return [outcome, outcome === "denied" ? `Refused at the step ${step}` : `No verdict: the step ${step} failed`];
}
