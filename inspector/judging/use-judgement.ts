/** @module */
import type { ExplainedStep, Explanation } from "orgpass/auth";
import { useEffect, useState } from "preact/hooks";
import { type Case, judge } from "./judge.ts";

/** What is known of a token so far. */
export interface Judgement {
	/** As they are judged; at the end, all in order. */
	readonly steps: readonly ExplainedStep[];
	/** Set at the end. */
	readonly explanation?: Explanation;
	/** Why it can't be judged: a field is invalid. */
	readonly problem?: Error;
}

/** A judgement, and what was judged. */
interface KeyedJudgement extends Judgement {
	readonly key: string;
}

const RUNNING: Judgement = { steps: [] };
/** Longer than between two keystrokes. */
const TYPING_MS = 150;
const TICK_MS = 1_000;
/** The verifier's tolerance between clocks. */
const TOLERANCE_SECONDS = 30;

/**
 * Judges a token when it or a field changes, at each new `round`, and when it expires. Only in a new round, there is a
 * verdict meanwhile: that of the round before.
 */
export function useJudgement({ token, kind, fields, connection }: Case, round: number): Judgement | undefined {
	const [judgement, setJudgement] = useState<KeyedJudgement>();
	const [expiries, setExpiries] = useState(0);
	const key = JSON.stringify([token, kind, fields, connection?.rpcUrl, connection?.registry, connection?.chainId]);
	useEffect(() => {
		if (token === "") return undefined;
		let isCurrent = true;
		const show = (next: Judgement): void => {
			if (isCurrent) setJudgement({ key, ...next });
		};
		const steps: ExplainedStep[] = [];
		const showStep = (step: ExplainedStep): void => {
			steps.push(step);
			const next = { key, steps: [...steps] };
			if (isCurrent) setJudgement((last) => (last?.key === key && last.explanation ? last : next));
		};
		const timer = setTimeout(() => {
			judge({ token, kind, fields, connection }, showStep).then(
				(explanation) => show({ steps: explanation.steps, explanation }),
				(problem: Error) => show({ steps: [], problem }),
			);
		}, TYPING_MS);
		return () => {
			isCurrent = false;
			clearTimeout(timer);
		};
	}, [key, connection, round, expiries]);
	const known = judgement?.key === key ? judgement : RUNNING;
	useExpiry(fields.now === "" ? known.explanation?.token?.expiresAt : undefined, () => setExpiries(expiries + 1));
	return token === "" ? undefined : known;
}

/** Calls a function when an accepted token has expired. */
function useExpiry(expiresAt: number | undefined, onExpiry: () => void): void {
	useEffect(() => {
		const endsAt = ((expiresAt ?? 0) + TOLERANCE_SECONDS) * 1_000;
		if (expiresAt === undefined || Date.now() > endsAt) return undefined;
		// One long timer would stand still while the machine sleeps.
		const timer = setInterval(() => {
			if (Date.now() <= endsAt) return;
			clearInterval(timer);
			onExpiry();
		}, TICK_MS);
		return () => clearInterval(timer);
	}, [expiresAt]);
}
