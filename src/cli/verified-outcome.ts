/**
 * The outcome of the commands that verify tokens.
 * @module
 */

import { formatTimeAway } from "../encoding/format-time.js";
import { isOrgpassError } from "../errors/errors.js";
import type { VerifiedToken } from "../tokens/verified-token.js";
import type { Paint } from "./context.js";
import { EXIT } from "./exit-code.js";
import { exitCodeOf } from "./exit-code-of.js";
import { type Outcome, toJson } from "./outcome.js";

/** The outcome for a valid token. */
export function acceptedOutcome(verified: VerifiedToken, now?: number): Outcome {
	const { profile, issuer, keyId, scopes, claims } = verified;
	const until = formatEnd(verified, now);
	const lines = [
		`profile ${profile}`,
		`issuer  ${issuer}`,
		`key     ${keyId}`,
		`scopes  ${scopes.join(" ") || "none"}`,
		toJson(claims, 2),
	];
	const text = (paint: Paint): string => [`${paint("good", "valid")}${until}`, ...lines].join("\n");
	return { data: { valid: true, ...verified }, text };
}

/** The token isn't accepted for longer than the key that signed it. */
function formatEnd({ expiresAt, keyId, organization }: VerifiedToken, now?: number): string {
	const key = organization?.keys.find(({ fragment }) => keyId.endsWith(`#${fragment}`));
	const keyEnd = key?.validUntil || Infinity;
	if (keyEnd < (expiresAt ?? Infinity)) return ` until ${formatTimeAway(keyEnd, now)}, the end of its key`;
	return expiresAt === undefined ? ", and never expires" : ` until ${formatTimeAway(expiresAt, now)}`;
}

/** The outcome for a refused token; rethrows any other error. */
export async function refusedOutcome(error: unknown, hint?: string): Promise<Outcome> {
	if (!isOrgpassError(error) || exitCodeOf(error.code) !== EXIT.refused) throw error;
	const { code } = error;
	const { advisedMessage } = await import("./advised-message.js");
	const message = advisedMessage(error);
	return {
		data: { valid: false, code, message },
		text: (paint) =>
			`${paint("bad", "refused:")} ${message} ${paint("aside", `(${code})`)}${hint === undefined ? "" : `\n${hint}`}`,
		exitCode: EXIT.refused,
	};
}
