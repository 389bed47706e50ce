/**
 * The validity period of a credential. It is parsed once and checked at every use, with the verifier's clock.
 * @module
 */
import { parseDateTime } from "../../encoding/date-time.js";
import { formatTimeAway } from "../../encoding/format-time.js";
import type { JsonObject } from "../../encoding/json.js";
import { DocumentError, formatValue } from "../../errors/errors.js";

/** A validity period in seconds since the epoch; an absent end is open. */
export interface CredentialValidity {
	/** The later of `issuanceDate` and `validFrom`. */
	readonly validFrom?: number;
	/** The earlier of `expirationDate` and `validUntil`. */
	readonly validUntil?: number;
}

export function parseValidity(credential: JsonObject): CredentialValidity {
	const from = datesOf(credential, ["issuanceDate", "validFrom"]);
	const until = datesOf(credential, ["expirationDate", "validUntil"]);
	return {
		...(from.length === 0 ? {} : { validFrom: Math.max(...from) }),
		...(until.length === 0 ? {} : { validUntil: Math.min(...until) }),
	};
}

/** Throws if a time is outside a credential's validity period. */
export function assertCredentialInForce(
	{ validFrom, validUntil }: CredentialValidity,
	now: number,
	toleranceSeconds: number,
): void {
	if (validFrom !== undefined && now < validFrom - toleranceSeconds) {
		const message = `the credential is valid from ${formatTimeAway(Math.floor(validFrom), now)}`;
		throw new DocumentError("document/not-yet-valid", message, { details: { validFrom, now } });
	}
	if (validUntil !== undefined && now >= validUntil + toleranceSeconds) {
		const message = `the credential was valid until ${formatTimeAway(Math.floor(validUntil), now)}`;
		throw new DocumentError("document/expired", message, { details: { validUntil, now } });
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
