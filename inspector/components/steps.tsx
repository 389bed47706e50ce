/** @module */
import type { ExplainedStep, StepName, StepSource } from "orgpass/auth";
import type { JSX } from "preact";
import { isCoded } from "../advice.ts";
import { makeVisible } from "../token-parts.ts";
import { Facts } from "./facts.tsx";

const OUTCOMES: Readonly<Record<ExplainedStep["outcome"], readonly [mark: string, words: string]>> = {
	passed: ["✓", "passed"],
	denied: ["✕", "refused"],
	failed: ["!", "failed"],
	skipped: ["–", "not judged"],
};

const SOURCES: Readonly<Record<StepSource, string>> = {
	cache: "from the cache",
	node: "from the node",
	document: "from the document's host",
};

/** What is checked. */
const QUESTIONS: Readonly<Record<StepName, string>> = {
	syntax: "Is it a token?",
	kind: "Is this kind of token accepted?",
	header: "Are its algorithm and its header allowed?",
	issuer: "Does it name an issuer?",
	claims: "Is it current, and for this audience?",
	chain: "Is the issuer on this chain?",
	record: "Does the registry know the organization?",
	organization: "Is the organization active?",
	document: "Is its document genuine?",
	key: "Is the key known, and not revoked?",
	signature: "Was it signed with this key?",
	validity: "Is the key valid now?",
	policy: "Does the policy accept it?",
	grant: "Does it grant what is required?",
	replay: "Is it used for the first time?",
};

interface StepsProps {
	readonly steps: readonly ExplainedStep[];
	readonly now: number;
}

/** The steps of the verification; those after a refusal are apart. */
export function Steps({ steps, now }: StepsProps): JSX.Element {
	const later = steps.filter(({ isAfterRefusal }) => isAfterRefusal);
	return (
		<>
			<StepList steps={steps.filter(({ isAfterRefusal }) => !isAfterRefusal)} now={now} />
			{later.length > 0 && (
				<>
					<p class="aside">A verification ends here. What else can be judged:</p>
					<StepList steps={later} now={now} />
				</>
			)}
		</>
	);
}

function StepList({ steps, now }: StepsProps): JSX.Element {
	return (
		// Without its markers, Safari's VoiceOver no longer calls it a list.
		// biome-ignore lint/a11y/noRedundantRoles: see above
		<ol class="steps" role="list">
			{steps.map((step, index) => (
				<Step key={`${step.name} ${index}`} step={step} now={now} />
			))}
		</ol>
	);
}

function Step({ step, now }: { readonly step: ExplainedStep; readonly now: number }): JSX.Element {
	const { name, outcome, error, facts, source, durationMs = 0 } = step;
	const [mark, words] = OUTCOMES[outcome];
	const notes = [
		...(source === undefined ? [] : [SOURCES[source]]),
		...(durationMs < 1 ? [] : [`${Math.round(durationMs)} ms`]),
	];
	const title = (
		<span class="step-title">
			<strong>{name}</strong> <span class="visually-hidden">{words}.</span> <span>{QUESTIONS[name]}</span>
			{notes.length > 0 && <small> {notes.join(", ")}</small>}
		</span>
	);
	return (
		<li class={outcome} data-step={name}>
			<span class="mark" aria-hidden="true">
				{mark}
			</span>
			<div>
				{Object.keys(facts).length === 0 ? (
					<p>{title}</p>
				) : (
					<details open={error !== undefined}>
						<summary>{title}</summary>
						<Facts facts={facts} now={now} />
					</details>
				)}
				{error !== undefined && <p class="error">{messageOf(error)}</p>}
			</div>
		</li>
	);
}

/** An error without a code is a bug, which says nothing that helps. */
export function messageOf(error: Error): string {
	return isCoded(error)
		? `${makeVisible(error.message)} (${error.code})`
		: `This is a bug: ${makeVisible(error.name)}.`;
}
