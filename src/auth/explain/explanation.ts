/** @module */
import type { JsonObject } from "../../encoding/json.js";
import type { OrgRecord } from "../../registry/org-record.js";
import type { VerifiedToken } from "../../tokens/verified-token.js";

/**
 * The steps of a verification. `chain`, `record`, `organization` and `document` are only steps of organizations' tokens;
 * `validity` only of keys that have a validity period, `grant` if the call requires something or the kind of token has
 * rules of its own, and `replay` if the verifier has a store of used tokens.
 */
export type StepName =
	| "syntax"
	| "kind"
	| "header"
	| "issuer"
	| "claims"
	| "chain"
	| "record"
	| "organization"
	| "document"
	| "key"
	| "signature"
	| "validity"
	| "policy"
	| "grant"
	| "replay";

/** Where a step's facts come from: what was known already, a node, or a document's host. */
export type StepSource = "cache" | "node" | "document";

/** One step of a verification. */
export interface ExplainedStep {
	readonly name: StepName;
	/**
	 * `denied` is a decision; `failed` means that there is none: an outage or a bug. `skipped` steps weren't judged, because
	 * an earlier step found nothing to judge, because it wouldn't be safe, or because the result doesn't depend on them.
	 */
	readonly outcome: "passed" | "denied" | "failed" | "skipped";
	/** Whether an earlier step had refused the token: `verify` ends there. */
	readonly isAfterRefusal: boolean;
	/** Why it was denied or failed; for a skipped step, what went wrong without any effect. */
	readonly error?: Error;
	/** What was checked. Names and texts of the token are as hostile as the token. */
	readonly facts: JsonObject;
	readonly source?: StepSource;
	/** In milliseconds; absent for steps that weren't judged, or can't be told from the step before. */
	readonly durationMs?: number;
}

/** What {@link Verifier.explain} returns. */
export interface Explanation {
	/** What `verify` would have done; `failed` is an outage or a bug. */
	readonly outcome: "accepted" | "denied" | "failed";
	/** All steps, in order. */
	readonly steps: readonly ExplainedStep[];
	/** The step at which `verify` would have ended; absent if the token is accepted. */
	readonly step?: StepName;
	/** What `verify` would have thrown. */
	readonly error?: Error;
	/** What `verify` would have returned. */
	readonly token?: VerifiedToken;
	/** The registry's record of the issuer that the token names, as far as it was found. */
	readonly organization?: OrgRecord;
}
