/**
 * What the commands that verify tokens say.
 * @module
 */

import { isOrgpassError } from "../errors/errors.js";
import type { VerifiedToken } from "../tokens/verified-token.js";
import { type Outcome, toJson } from "./command.js";
import { EXIT, exitCodeOf } from "./exit-code.js";
import { formatTime } from "./time.js";

/** Tells of a good token. */
export function acceptance(verified: VerifiedToken): Outcome {
	const { profile, issuer, keyId, scopes, expiresAt, claims } = verified;
	const text = [
		expiresAt === undefined ? "valid, and never expires" : `valid until ${formatTime(expiresAt)}`,
		`profile ${profile}`,
		`issuer  ${issuer}`,
		`key     ${keyId}`,
		`scopes  ${scopes.join(" ") || "none"}`,
		toJson(claims, 2),
	].join("\n");
	return { data: { valid: true, ...verified }, text };
}

/** Tells of a refused token, which is an answer; anything else is the command's failure. */
export function refusal(error: unknown, hint?: string): Outcome {
	if (!isOrgpassError(error) || exitCodeOf(error.code) !== EXIT.refused) throw error;
	const { code, message } = error;
	return {
		data: { valid: false, code, message },
		text: `refused: ${message} (${code})${hint === undefined ? "" : `\n${hint}`}`,
		exitCode: EXIT.refused,
	};
}
