/** @module */
import type { ErrorCode } from "./codes.js";
import { isOrgpassError } from "./errors.js";

/** The codes of outages: nothing is known about the token or organization, and a retry may succeed. */
export const OUTAGE_CODES: ReadonlySet<string> = new Set<ErrorCode>([
	"registry/unreachable",
	"registry/wrong-chain",
	"registry/no-contract",
	"registry/bad-response",
	"registry/outdated",
	"registry/disagreement",
	"did/resolution",
	"document/unreachable",
	"key/unreachable",
	"policy/unavailable",
	"replay/unavailable",
]);

export function isOutage(error: unknown): boolean {
	return isOrgpassError(error) && OUTAGE_CODES.has(error.code);
}
