/**
 * The one table from error codes to exit codes.
 * @module
 */
import { type ErrorCode, OUTAGE_CODES } from "../errors/codes.js";

/** 0 fine, 1 refused, 2 wrong usage, 3 can't reach the chain, 70 a bug, 130 interrupted. */
export const EXIT = { ok: 0, refused: 1, usage: 2, unreachable: 3, bug: 70, interrupted: 130 } as const;

const BY_DOMAIN: Readonly<Record<string, number>> = {
	config: EXIT.usage,
	key: EXIT.usage,
	registry: EXIT.refused,
	token: EXIT.refused,
	did: EXIT.refused,
	document: EXIT.refused,
	policy: EXIT.refused,
};

/** Tells the exit code of an error. */
export function exitCodeOf(code: ErrorCode): number {
	if (OUTAGE_CODES.has(code)) return EXIT.unreachable;
	return BY_DOMAIN[code.slice(0, code.indexOf("/"))] ?? EXIT.bug;
}
