/** @module */
import type { JsonObject } from "../../encoding/json.js";
import type { StepName } from "./explanation.js";
import { type Trace, toError } from "./trace.js";

/** The step with which an earlier verification of the token ended. */
export interface Refusal {
	readonly trace: Trace;
	readonly step: StepName;
}

/** Runs a check and records it; `passed` is its result if it isn't judged. */
export type Judge = <T>(
	step: StepName,
	check: () => Promise<T>,
	passed: T,
	factsOf?: (result: T) => JsonObject,
	place?: number,
) => Promise<T>;

/** Unless a token passes these, nobody is asked what it grants. */
export const AUTHENTICATION: ReadonlySet<StepName> = new Set(["claims", "signature", "validity"]);

/** After a refusal, the checks before it are repeated but not recorded, and later ones end nothing. */
export function createJudge(trace: Trace, refusal: Refusal | undefined): Judge {
	return async (step, check, passed, factsOf = () => ({}), place = 0) => {
		const isGrant = step === "grant" || step === "policy";
		if (refusal?.trace.has(step, place)) return isGrant ? passed : check().catch(() => passed);
		if (refusal !== undefined && isGrant && AUTHENTICATION.has(refusal.step)) {
			trace.add(step, { isSkipped: true, facts: factsOf(passed) }, place);
			return passed;
		}
		trace.open(step, place);
		const startedAt = performance.now();
		try {
			const result = await check();
			// What the call requires is part of the grant, and is checked after this.
			if (step !== "grant") {
				trace.add(step, { facts: factsOf(result), durationMs: performance.now() - startedAt }, place);
			}
			trace.open("grant");
			return result;
		} catch (thrown) {
			const error = toError(thrown);
			trace.add(step, { error, facts: factsOf(passed), durationMs: performance.now() - startedAt }, place);
			if (refusal !== undefined) return passed;
			throw error;
		}
	};
}
