/**
 * The outcome of the commands that verify tokens.
 * @module
 */
import { formatTimeAway } from "../encoding/format-time.js";
import { isOrgpassError } from "../errors/errors.js";
import type { VerifiedToken } from "../tokens/verified-token.js";
import { EXIT } from "./exit-code.js";
import { exitCodeOf } from "./exit-code-of.js";
import { type Outcome, toJson } from "./outcome.js";

/** The outcome for a valid token. */
export function acceptedOutcome(verified: VerifiedToken, now?: number): Outcome {
	const { profile, issuer, keyId, scopes, expiresAt, claims } = verified;
	const text = [
		expiresAt === undefined ? "valid, and never expires" : `valid until ${formatTimeAway(expiresAt, now)}`,
		`profile ${profile}`,
		`issuer  ${issuer}`,
		`key     ${keyId}`,
		`scopes  ${scopes.join(" ") || "none"}`,
		toJson(claims, 2),
	].join("\n");
	return { data: { valid: true, ...verified }, text };
}

/** The outcome for a refused token; rethrows any other error. */
export function refusedOutcome(error: unknown, hint?: string): Outcome {
	if (!isOrgpassError(error) || exitCodeOf(error.code) !== EXIT.refused) throw error;
	const { code, message } = error;
	return {
		data: { valid: false, code, message },
		text: `refused: ${message} (${code})${hint === undefined ? "" : `\n${hint}`}`,
		exitCode: EXIT.refused,
	};
}
