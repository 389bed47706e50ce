/**
 * The validity period of a key on chain.
 * @module
 */
import { DidError } from "../errors/errors.js";
import type { OnChainKey } from "./org-record.js";

/** Throws if a time is outside a key's validity period. */
export function assertKeyInForce(
	{ validFrom, validUntil }: OnChainKey,
	keyId: string,
	now: number,
	toleranceSeconds: number,
): void {
	if (now < validFrom - toleranceSeconds) {
		const message = `the key ${keyId} is valid from ${validFrom}, now is ${now}`;
		throw new DidError("did/key-not-yet-valid", message, { details: { validFrom, now } });
	}
	if (validUntil !== 0 && now >= validUntil + toleranceSeconds) {
		const message = `the key ${keyId} was valid until ${validUntil}, now is ${now}`;
		throw new DidError("did/key-expired", message, { details: { validUntil, now } });
	}
}
