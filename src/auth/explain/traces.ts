/**
 * The traces of a verification: several profiles may check a token until its issuer decides between them.
 * @module
 */
import type { ExplainedStep } from "./explanation.js";
import { createTrace, type Trace } from "./trace.js";

export interface Traces {
	of(profile: string): Trace;
	/** The profile recognizes the token. */
	recognized(): void;
	/** A profile that recognizes the token has refused its header or its issuer. */
	refused(): void;
	/** Whether the token may still be one of several profiles. */
	areSeveral(): boolean;
	/** The trace of the step that threw an error, if one has; otherwise the one that counts, or that got furthest. */
	thatThrew(error: Error): Trace;
	/** Passes on the steps of the trace that counts, and from now on each new one. */
	settle(trace: Trace): void;
}

/** Passes on each step as it is judged, if there is one profile, and otherwise once it is known which one counts. */
export function createTraces(isAfterRefusal: boolean, onStep: (step: ExplainedStep) => void): Traces {
	const traces = new Map<string, Trace>();
	/** The syntax is the same for all profiles. */
	const passedOn = new Set<ExplainedStep | "syntax">();
	let candidates = 0;
	let refusals = 0;
	let settled: Trace | undefined;
	return {
		of(profile) {
			const trace = traces.get(profile) ?? createTrace(profile, isAfterRefusal, pass);
			traces.set(profile, trace);
			return trace;

			function pass(step: ExplainedStep): void {
				if (settled === undefined ? candidates <= 1 : settled === trace) passOn(step);
			}
		},
		recognized() {
			candidates += 1;
		},
		refused() {
			refusals += 1;
		},
		areSeveral: () => candidates - refusals > 1,
		thatThrew(error) {
			const all = [...traces.values()];
			return all.find((trace) => trace.threw(error)) ?? settled ?? (furthestOf(all) as Trace);
		},
		settle(trace) {
			settled = trace;
			trace.steps().forEach(passOn);
		},
	};

	function passOn(step: ExplainedStep): void {
		const name = step.name === "syntax" ? "syntax" : step;
		if (passedOn.has(name)) return;
		passedOn.add(name);
		onStep(step);
	}
}

/** The trace with the most steps; of several, the first. */
function furthestOf(traces: readonly Trace[]): Trace | undefined {
	const lengthOf = (trace: Trace): number => trace.steps().length;
	return [...traces].sort((one, other) => lengthOf(other) - lengthOf(one))[0];
}
