/** @module */
import type { ErrorCode } from "../errors/codes.js";
import type { OrgpassError } from "../errors/errors.js";
import { OUTAGE_CODES } from "../errors/outage-codes.js";
import { EXIT } from "./exit-code.js";

const BY_DOMAIN: Readonly<Record<string, number>> = {
	client: EXIT.refused,
	config: EXIT.usage,
	key: EXIT.usage,
	registry: EXIT.refused,
	token: EXIT.refused,
	did: EXIT.refused,
	document: EXIT.refused,
	policy: EXIT.refused,
	replay: EXIT.refused,
};

/** Like {@link exitCodeOf}, but a DID that was mistyped is wrong usage, not a refusal (`typed-did.ts`). */
export function exitCodeOfError({ code, details }: OrgpassError): number {
	return details["isTyped"] === true ? EXIT.usage : exitCodeOf(code);
}

export function exitCodeOf(code: ErrorCode): number {
	if (OUTAGE_CODES.has(code)) return EXIT.unreachable;
	return BY_DOMAIN[code.slice(0, code.indexOf("/"))] ?? EXIT.bug;
}
