/**
 * Records the steps of a verification while it runs.
 * @module
 */
import type { JsonObject } from "../../encoding/json.js";
import { isOrgpassError, type PolicyError } from "../../errors/errors.js";
import { isOutage } from "../../errors/outage-codes.js";
import { statusOfPolicyError } from "../policies/policy.js";
import type { ExplainedStep, StepName, StepSource } from "./explanation.js";

/** What is known of a step. */
export interface Judged {
	readonly facts?: JsonObject | undefined;
	readonly source?: StepSource | undefined;
	readonly durationMs?: number | undefined;
	readonly error?: Error | undefined;
	/** It wasn't judged, or the result doesn't depend on it. */
	readonly isSkipped?: boolean | undefined;
}

/** The steps of one verification. Each policy is a step of its own, told apart by its place. */
export interface Trace {
	/** The profile whose steps these are. */
	readonly profile: string;
	/** Records a step; the first record of a step counts, unless a later one is an error. */
	add(name: StepName, judged?: Judged, place?: number): void;
	has(name: StepName, place?: number): boolean;
	/** The step that is being judged: errors that nobody adds belong to it. */
	open(name: StepName, place?: number): void;
	/** Whether a step threw this error. */
	threw(error: Error): boolean;
	/** Ends the trace. Returns the step at which the verification's error was thrown; adds it if nobody has. */
	close(error: Error): StepName;
	/** Ends the trace: what is still running after a time limit changes nothing any more. */
	end(): void;
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
	const steps = new Map<string, ExplainedStep>();
	const thrown = new Map<Error, StepName>();
	let current: { readonly name: StepName; readonly place: number } = { name: "syntax", place: 0 };
	let isEnded = false;
	return {
		profile,
		add,
		has,
		open(name, place = 0) {
			current = { name, place };
		},
		threw: (error) => thrown.has(error),
		close(error) {
			if (!thrown.has(error)) add(current.name, { error }, current.place);
			isEnded = true;
			return thrown.get(error) as StepName;
		},
		end() {
			isEnded = true;
		},
		// Policies are asked in their order, which sorting keeps.
		steps: () => [...steps.values()].sort((one, other) => rank(one) - rank(other)),
	};

	/** A document is added after the end. */
	function add(name: StepName, judged: Judged = {}, place = 0): void {
		const { error } = judged;
		if (isEnded && name !== "document") return;
		if (error) thrown.set(error, name);
		if (has(name, place) && error === undefined) return;
		const step = toStep(name, isAfterRefusal || isRefusedBefore(name), judged);
		steps.set(keyOf(name, place), step);
		onStep(step);
	}

	function isRefusedBefore(name: StepName): boolean {
		const refused = [...steps.values()].filter(({ outcome }) => outcome === "denied" || outcome === "failed");
		return refused.some((step) => rank(step) < ORDER.indexOf(name));
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
		outcome: isSkipped ? "skipped" : error === undefined ? "passed" : outcomeOf(error),
		isAfterRefusal,
		...(error !== undefined && { error }),
		facts: Object.freeze(facts),
		...(source !== undefined && { source }),
		...(durationMs !== undefined && { durationMs }),
	});
}

/** What an error says about the token; nothing, if it is an outage, or a bug or an error of the configuration. */
export function outcomeOf(error: Error): "denied" | "failed" {
	if (!isOrgpassError(error) || isOutage(error) || error.code.startsWith("config/")) return "failed";
	// A policy may say that it can't decide.
	const isUndecided = error.code.startsWith("policy/") && statusOfPolicyError(error as PolicyError) === 503;
	return isUndecided ? "failed" : "denied";
}

/** Policies and kinds from outside may throw anything, even undefined. */
export function toError(thrown: unknown): Error {
	return thrown instanceof Error ? thrown : new Error("something that isn't an error was thrown", { cause: thrown });
}

function keyOf(name: StepName, place: number): string {
	return `${name} ${place}`;
}

function rank({ name }: ExplainedStep): number {
	return ORDER.indexOf(name);
}
