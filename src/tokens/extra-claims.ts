/**
 * The claims that a caller of `mint` adds to those the minter sets.
 * @module
 */
import type { ConfigError } from "../errors/errors.js";
import { formatValue } from "../errors/format-value.js";
import { invalidOption } from "../options/invalid-option.js";

/** Claims a minter sets itself; `mint` refuses them among `claims`. */
const RESERVED = ["iss", "aud", "exp", "iat", "nbf", "jti", "scope"];

/** Names no parser of tokens takes, ours included. */
const POISONOUS = ["__proto__", "constructor"];

/** Refuses claims that a minter sets itself, and what JSON can't carry. */
export function assertExtraClaims(
	claims: Readonly<Record<string, unknown>>,
	reserved: readonly string[] = RESERVED,
): void {
	for (const name of Object.keys(claims)) {
		if (POISONOUS.includes(name)) throw claimError(name, "another name");
		if (reserved.includes(name)) throw claimError(name, "left to the minter and its options");
		if (!isJson(claims[name])) throw claimError(name, "a JSON value");
	}
}

function isJson(value: unknown): boolean {
	try {
		return JSON.stringify(value) !== undefined;
	} catch {
		return false;
	}
}

function claimError(name: string, expected: string): ConfigError {
	return invalidOption(`claims.${name}`, expected, { label: `the claim ${formatValue(name)}` });
}
