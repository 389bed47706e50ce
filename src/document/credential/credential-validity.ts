/**
 * From when until when a credential is valid. The dates are read strictly and handed on as they are: whoever
 * verifies judges them with a clock of its own, at every use.
 * @module
 */

import { parseDateTime } from "../../encoding/date-time.js";
import type { JsonObject } from "../../encoding/json.js";
import { DocumentError } from "../../errors/errors.js";
import { formatValue } from "../../errors/format-value.js";

/** Seconds since the epoch; an end that isn't there is open. */
export interface CredentialValidity {
	/** The later of `issuanceDate` and `validFrom`. */
	readonly validFrom?: number;
	/** The earlier of `expirationDate` and `validUntil`. */
	readonly validUntil?: number;
}

/** Reads the dates of a credential. */
export function parseValidity(credential: JsonObject): CredentialValidity {
	const from = datesOf(credential, ["issuanceDate", "validFrom"]);
	const until = datesOf(credential, ["expirationDate", "validUntil"]);
	return {
		...(from.length === 0 ? {} : { validFrom: Math.max(...from) }),
		...(until.length === 0 ? {} : { validUntil: Math.min(...until) }),
	};
}

/** Holds a time to a credential's validity. */
export function assertInValidity(validity: CredentialValidity, now: number, toleranceSeconds: number): void {
	const { validFrom, validUntil } = validity;
	if (validFrom !== undefined && now < validFrom - toleranceSeconds) {
		throw new DocumentError(
			"document/not-yet-valid",
			`the credential is valid from ${validFrom}, now is ${now}`,
			{
				details: { validFrom, now },
			},
		);
	}
	if (validUntil !== undefined && now >= validUntil + toleranceSeconds) {
		throw new DocumentError(
			"document/expired",
			`the credential was valid until ${validUntil}, now is ${now}`,
			{
				details: { validUntil, now },
			},
		);
	}
}

function datesOf(credential: JsonObject, names: readonly string[]): number[] {
	return names.flatMap((name) => {
		const text = credential[name];
		if (text === undefined) return [];
		const date = parseDateTime(text);
		if (date !== undefined) return date;
		throw new DocumentError("document/malformed", `expected ${name} as RFC 3339, got ${formatValue(text)}`);
	});
}
