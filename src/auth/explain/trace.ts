/**
 * Records the steps of a verification while it runs.
 * @module
 */
import type { JsonObject } from "../../encoding/json.js";
import { isOrgpassError } from "../../errors/errors.js";
import { isOutage } from "../../errors/outage-codes.js";
import type { ExplainedStep, StepName, StepSource } from "./explanation.js";

/** What is known of a step that was judged. */
export interface Judged {
	readonly facts?: JsonObject | undefined;
	readonly source?: StepSource | undefined;
	readonly durationMs?: number | undefined;
	readonly error?: unknown;
	/** Nothing depends on it. */
	readonly isSkipped?: boolean | undefined;
}

/** The steps of one verification. Each policy is a step of its own, named `policy` and told apart by its place. */
export interface Trace {
	/** The profile whose steps these are. */
	readonly profile: string;
	/** Records a step; the first record of a step counts, unless a later one is an error. */
	add(name: StepName, judged?: Judged, place?: number): void;
	has(name: StepName, place?: number): boolean;
	/** The step that errors which nobody adds belong to. */
	open(name: StepName): void;
	/** Whether a step threw this error. */
	threw(error: unknown): boolean;
	/** The step at which the verification's error was thrown; adds it if nobody has. */
	close(error: unknown): StepName;
	steps(): readonly ExplainedStep[];
}

const ORDER: readonly StepName[] = [
	"syntax",
	"kind",
	"header",
	"issuer",
	"claims",
	"chain",
	"record",
	"organization",
	"document",
	"key",
	"signature",
	"validity",
	"policy",
	"grant",
	"replay",
];

export function createTrace(profile: string, isAfterRefusal: boolean, onStep: (step: ExplainedStep) => void): Trace {
	const steps = new Map<string, { readonly step: ExplainedStep; readonly place: number }>();
	const thrown = new Map<unknown, StepName>();
	let current: StepName = "syntax";
	return {
		profile,
		add,
		has,
		open(name) {
			current = name;
		},
		threw: (error) => thrown.has(error),
		close(error) {
			if (!thrown.has(error)) add(current, { error });
			return thrown.get(error) as StepName;
		},
		steps: () =>
			[...steps.values()]
				.sort((one, other) => rank(one.step) - rank(other.step) || one.place - other.place)
				.map(({ step }) => step),
	};

	function add(name: StepName, { error, ...judged }: Judged = {}, place = 0): void {
		if (error !== undefined && !thrown.has(error)) thrown.set(error, name);
		if (has(name, place) && error === undefined) return;
		const step = toStep(name, isAfterRefusal, { error, ...judged });
		steps.set(keyOf(name, place), { step, place });
		onStep(step);
	}

	function has(name: StepName, place = 0): boolean {
		return steps.has(keyOf(name, place));
	}
}

function toStep(
	name: StepName,
	isAfterRefusal: boolean,
	{ facts = {}, source, durationMs, error, isSkipped = false }: Judged,
): ExplainedStep {
	return Object.freeze({
		name,
		outcome: isSkipped ? "skipped" : outcomeOf(error),
		isAfterRefusal,
		...(error !== undefined && { error: toError(error) }),
		facts: Object.freeze(facts),
		...(source !== undefined && { source }),
		...(durationMs !== undefined && { durationMs }),
	});
}

/** What an error says about the token; nothing, if it is an outage or a bug. */
export function outcomeOf(error: unknown): "passed" | "denied" | "failed" {
	if (error === undefined) return "passed";
	return isOrgpassError(error) && !isOutage(error) ? "denied" : "failed";
}

/** Policies may throw anything. */
export function toError(error: unknown): Error {
	return error instanceof Error ? error : new Error("something that isn't an error was thrown", { cause: error });
}

function keyOf(name: StepName, place: number): string {
	return `${name} ${place}`;
}

function rank({ name }: ExplainedStep): number {
	return ORDER.indexOf(name);
}
