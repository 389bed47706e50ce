/**
 * What tests compare of explanations.
 * @module
 */
import type { ExplainedStep, Explanation } from "../../src/auth/explain/explanation.ts";

/** The names of the steps. */
export function namesOf({ steps }: Explanation): string[] {
	return steps.map(({ name }) => name);
}

/** Each step with its outcome, and whether it comes after the refusal. */
export function outcomesOf({ steps }: Explanation): string[] {
	return steps.map(({ name, outcome, isAfterRefusal }) => `${name} ${outcome}${isAfterRefusal ? " later" : ""}`);
}

/** The first step of this name. */
export function stepOf({ steps }: Explanation, name: string): ExplainedStep {
	return steps.find((step) => step.name === name) as ExplainedStep;
}

/** The code of the error, or `accepted`. */
export function verdictOf({ outcome, error }: Explanation): unknown {
	return outcome === "accepted" ? outcome : (error as { readonly code?: unknown } | undefined)?.code;
}
