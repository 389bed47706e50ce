/**
 * The facts about a failure that may be logged.
 * @module
 */
import { isOrgpassError, type OrgpassError } from "../errors/errors.js";
import { OUTAGE_CODES } from "../errors/outage-codes.js";
import type { OperationEnd } from "./observer.js";

/** The facts about an operation's error. */
export type FailureFacts = Omit<OperationEnd<never>, "durationMs">;

/** The domains of errors that are decisions, unless they are outages. */
const DECISIONS = /^(?:token|did|document|policy|replay)\//;

/** Returns what may be logged of an error: none of its texts, because they quote claims. */
export function toFailureFacts(error: unknown): FailureFacts {
	if (!isOrgpassError(error)) return { outcome: "failed" };
	const { code } = error;
	if (OUTAGE_CODES.has(code)) return { outcome: "failed", code, ...outageFacts(error) };
	const isUndecided = code === "policy/refused" && error.details["status"] === 503;
	return { outcome: DECISIONS.test(code) && !isUndecided ? "denied" : "failed", code };
}

function outageFacts({ details }: OrgpassError): Omit<FailureFacts, "outcome" | "code"> {
	const { host, status, errno, rpcCode } = details;
	return {
		...(typeof host === "string" && { host }),
		...(typeof status === "number" && { httpStatus: status }),
		...(typeof errno === "string" && { errno }),
		...(typeof rpcCode === "number" && { rpcCode }),
	};
}
