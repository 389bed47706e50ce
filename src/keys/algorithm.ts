/**
 * Signature algorithms, and the option that names one.
 * @module
 */
import * as v from "valibot";

/** The signature algorithms of keys, by their JOSE names: ES256K (RFC 8812) and RS256 (RFC 7518 section 3.3). */
export type KeyAlgorithm = "ES256K" | "RS256";

export const algorithmName: v.GenericSchema<KeyAlgorithm> = v.picklist(["ES256K", "RS256"], '"ES256K" or "RS256"');

export const algorithmOption: v.GenericSchema<KeyAlgorithm | undefined> = v.optional(algorithmName);
