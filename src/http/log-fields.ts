/**
 * What may be logged of a decision.
 * @module
 */
import { type FailureFacts, toFailureFacts } from "../observe/failure.js";
import type { FinishedGuard } from "../observe/observer.js";
import type { Authenticated, Decision } from "./bearer.js";
import type { Denied } from "./denial.js";

/** Fields for structured logs. They contain no token, no claim other than the issuer, and no text of an error. */
export interface LogFields extends Omit<FailureFacts, "outcome"> {
	readonly outcome: FinishedGuard["outcome"];
	/** The response's status, if the request is denied. */
	readonly status?: number;
	/** The profile that verified the token. */
	readonly profile?: string;
	/** The issuer of a valid token. */
	readonly issuer?: string;
	/** The key or account that signed it. */
	readonly keyId?: string;
	/** Present if the token was verified with an expired cache entry, because its issuer's node or host is down. */
	readonly stale?: true;
}

/**
 * Converts a denial, a decision or a verified token to fields for loggers such as pino.
 *
 * @example
 * ```ts
 * import { createBearer, toLogFields } from "orgpass/http";
 * import { createVerifier, orgid } from "orgpass";
 *
 * const resolver = { resolve: async () => ({ didDocument: null, didDocumentMetadata: {}, didResolutionMetadata: {} }) };
 * const audience = `did:orgid:100:0x${"0b".repeat(32)}`;
 * const bearer = createBearer({ verifier: createVerifier({ profiles: [orgid({ audience, resolver })] }) });
 * toLogFields(await bearer("Bearer a.b.c")); // => { outcome: "denied", status: 401, code: "token/malformed" }
 * ```
 * @param decision the argument of `onDenied`, a decision of `createBearer`, or a verified token such as `req.auth`
 * @returns a flat object; after an outage, it says which host caused it and how
 */
export function toLogFields<Claims>(decision: Decision<Claims> | Authenticated<Claims>): LogFields {
	if (!("granted" in decision)) return tokenFields(decision);
	return decision.granted ? tokenFields(decision.auth) : denialFields(decision);
}

/** The facts about a guard's decision; undefined is an anonymous request that was let through. */
export function toGuardFacts<Claims>(
	decision: Decision<Claims> | undefined,
): Omit<FinishedGuard, "operation" | "durationMs"> {
	if (decision === undefined) return { outcome: "accepted" };
	const { keyId: _, stale: __, ...facts } = toLogFields(decision);
	return facts;
}

function tokenFields<Claims>({ profile, issuer, keyId, stale }: Authenticated<Claims>): LogFields {
	return { outcome: "accepted", profile, issuer, keyId, ...(stale && { stale }) };
}

/** Denials without an error, such as those of requests without a token, are decisions. */
function denialFields({ status, cause, issuer }: Denied): LogFields {
	const outcome = status < 500 ? "denied" : "failed";
	return { ...toFailureFacts(cause), outcome, status, ...(issuer !== undefined && { issuer }) };
}
