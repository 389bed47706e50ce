/**
 * Claims that the caller of `mint` adds to the ones the minter sets.
 * @module
 */
import * as v from "valibot";
import type { ConfigError } from "../errors/errors.js";
import { formatValue } from "../errors/errors.js";
import { assertJson } from "../options/assert-json.js";
import { invalidOption } from "../options/invalid-option.js";
import { anyObject } from "../options/schemas.js";
import { positiveInteger } from "../options/value-schemas.js";

export const TOKEN_SHAPE: Readonly<Record<"lifetimeSeconds" | "claims", v.GenericSchema>> = {
	lifetimeSeconds: v.optional(positiveInteger),
	claims: v.optional(anyObject("an object of claims")),
};

/** Claims that organizations' minters set themselves. */
const RESERVED = ["iss", "aud", "exp", "iat", "nbf", "jti", "scope"];

/** Those of them that no option sets either. */
const WITHOUT_OPTION = ["iat", "nbf", "jti"];

/** Names that token parsers refuse, including ours. */
const UNSAFE_NAMES = ["__proto__", "constructor"];

/** Throws if a claim is reserved for the minter or can't be encoded as JSON. */
export function assertExtraClaims(
	claims: Readonly<Record<string, unknown>>,
	reserved: readonly string[] = RESERVED,
): void {
	for (const name of Object.keys(claims)) {
		if (UNSAFE_NAMES.includes(name)) throw claimError(name, "absent: parsers reject this name");
		if (!reserved.includes(name)) continue;
		const hasOption = !WITHOUT_OPTION.includes(name);
		throw claimError(name, hasOption ? "left to the minter and its options" : "absent: it can't be set");
	}
	assertJson(claims, "claims");
}

function claimError(name: string, expected: string): ConfigError {
	return invalidOption(`claims.${name}`, expected, { label: `the claim ${formatValue(name)}` });
}
