/**
 * When a verification method may be used, according to its document, whatever its source. An invalid date counts as the
 * strictest one.
 * @module
 */
import { formatDateTime, MAX_EPOCH_SECONDS, parseDateTime } from "../encoding/date-time.js";
import { isJsonObject, type JsonObject } from "../encoding/json.js";
import { DidError } from "../errors/errors.js";

/** In seconds since the epoch; infinite if the document sets no limit. */
export interface MethodPeriod {
	readonly validFrom: number;
	readonly validUntil: number;
	readonly revokedAt: number;
}

const EPOCH = "1970-01-01T00:00:00Z";
const NEVER = "9999-12-31T23:59:59Z";

export const ALWAYS: MethodPeriod = Object.freeze({ validFrom: -Infinity, validUntil: Infinity, revokedAt: Infinity });

/** Returns a method's period, as in Controlled Identifiers 1.0, ORG.JSON, credentials or OpenID Federation. */
export function periodOfMethod(method: object): MethodPeriod {
	const { deactivated, verificationMethodRevocation, publicKeyJwk } = method as JsonObject;
	const { exp, nbf, revoked } = isJsonObject(publicKeyJwk) ? publicKeyJwk : {};
	const own = periodOfDocument(method);
	return {
		validFrom: Math.max(own.validFrom, startOf(parseNumericDate, nbf)),
		validUntil: Math.min(own.validUntil, endOf(parseNumericDate, exp)),
		revokedAt: Math.min(
			own.revokedAt,
			endOf(parseDateTime, deactivated),
			endOf(parseDateTime, memberOf(verificationMethodRevocation, "invalidityDate")),
			endOf(parseNumericDate, memberOf(revoked, "revoked_at")),
		),
	};
}

/** Returns the period of a whole document. */
export function periodOfDocument(document: object): MethodPeriod {
	const { validFrom, validUntil, expires, expirationDate, revoked } = document as JsonObject;
	return {
		validFrom: startOf(parseDateTime, validFrom),
		validUntil: Math.min(...[validUntil, expires, expirationDate].map((value) => endOf(parseDateTime, value))),
		revokedAt: endOf(parseDateTime, revoked),
	};
}

/** Returns the period in which both apply. */
export function intersect(a: MethodPeriod, b: MethodPeriod): MethodPeriod {
	const validFrom = Math.max(a.validFrom, b.validFrom);
	const validUntil = Math.min(a.validUntil, b.validUntil);
	const revokedAt = Math.min(a.revokedAt, b.revokedAt);
	const isUnlimited = validFrom === -Infinity && validUntil === Infinity && revokedAt === Infinity;
	return isUnlimited ? ALWAYS : { validFrom, validUntil, revokedAt };
}

/** Checks whether a document has a `deactivated` member, whatever its value. */
export function isDeactivated(document: object): boolean {
	return (document as JsonObject)["deactivated"] !== undefined;
}

/** Checks whether a time is within the period, without tolerance. */
export function isInForce({ validFrom, validUntil, revokedAt }: MethodPeriod, now: number): boolean {
	return now >= validFrom && now < validUntil && now < revokedAt;
}

/** Throws if the document forbids the use of a key at a time. A revocation has no tolerance. */
export function assertInForce(period: MethodPeriod, keyId: string, now: number, toleranceSeconds: number): void {
	const { validFrom, validUntil, revokedAt } = period;
	if (now >= revokedAt) throw new DidError("did/key-revoked", `the document marks the key ${keyId} as revoked`);
	if (now >= validUntil + toleranceSeconds) {
		throw new DidError(
			"did/key-expired",
			`the document says the key ${keyId} was valid until ${formatEnd(validUntil)}`,
		);
	}
	if (now < validFrom - toleranceSeconds) {
		const message = `the document says the key ${keyId} is valid from ${formatStart(validFrom)}`;
		throw new DidError("did/key-not-yet-valid", message);
	}
}

/** Converts a period to members of a method (Controlled Identifiers 1.0). */
export function toMarks({ validFrom, validUntil, revokedAt }: MethodPeriod): {
	readonly validFrom?: string;
	readonly expires?: string;
	readonly revoked?: string;
} {
	return {
		...(validFrom === -Infinity ? {} : { validFrom: formatStart(validFrom) }),
		...(validUntil === Infinity ? {} : { expires: formatEnd(validUntil) }),
		...(revokedAt === Infinity ? {} : { revoked: formatEnd(revokedAt) }),
	};
}

type DateParser = (value: unknown) => number | undefined;

function startOf(parse: DateParser, value: unknown): number {
	return value === undefined ? -Infinity : (parse(value) ?? Infinity);
}

function endOf(parse: DateParser, value: unknown): number {
	return value === undefined ? Infinity : (parse(value) ?? 0);
}

/** Returns null if the date is missing. */
function memberOf(mark: unknown, name: string): unknown {
	if (mark === undefined) return undefined;
	return (isJsonObject(mark) ? mark[name] : undefined) ?? null;
}

function parseNumericDate(value: unknown): number | undefined {
	return typeof value === "number" && value >= 0 && value <= MAX_EPOCH_SECONDS ? value : undefined;
}

function formatEnd(time: number): string {
	return time === 0 ? EPOCH : formatDateTime(time);
}

function formatStart(time: number): string {
	return time === Infinity ? NEVER : formatDateTime(time);
}
