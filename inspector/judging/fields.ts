/**
 * What a verifier knows besides the token. Until the user fills in a field, it is taken from the token, which a real
 * verifier must never do.
 * @module
 */
import { readPart, splitToken } from "../token-parts.ts";

/** What a verifier knows; times in seconds. */
export interface Fields {
	readonly audience: string;
	/** For ioctl's tokens: the public keys, one in each line. */
	readonly trustedIssuers: string;
	readonly appId: string;
	readonly appKey: string;
	/** The scope that is required; none if empty. */
	readonly scope: string;
	/** The time; empty for the clock. */
	readonly now: string;
}

/** The fields that the user has filled in. */
export type FilledFields = Partial<Fields>;

export function completeFields(filled: FilledFields, token: string): Fields {
	const claims = readPart(splitToken(token).claims);
	const { iss, aud, application_id: applicationId } = claims;
	return {
		audience: firstText(aud),
		trustedIssuers: firstText(iss),
		appId: firstText(applicationId) || firstText(iss),
		...{ appKey: "", scope: "", now: "" },
		...filled,
	};
}

/** Numbers are names of apps, too. */
function firstText(value: unknown): string {
	const [first] = Array.isArray(value) ? value : [value];
	return typeof first === "string" || typeof first === "number" ? String(first) : "";
}
