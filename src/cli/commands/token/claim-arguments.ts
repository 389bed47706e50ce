/**
 * `claim=value` on the command line.
 * @module
 */

import { parseJson } from "../../../encoding/json.js";
import { ConfigError } from "../../../errors/errors.js";
import { formatValue } from "../../../errors/format-value.js";

/** Reads further claims. */
export function readClaims(
	texts: readonly string[],
	asText: readonly string[] = [],
): Record<string, unknown> {
	const claims = texts.map((text) => readClaim(text, asText));
	const names = claims.map(([name]) => name);
	const twice = names.find((name, index) => names.indexOf(name) !== index);
	if (twice !== undefined)
		throw new ConfigError("config/usage", `the claim ${formatValue(twice)} is given twice`);
	const rounded = claims.find(([, value]) => Number.isInteger(value) && !Number.isSafeInteger(value));
	if (rounded === undefined) return Object.fromEntries(claims);
	throw new ConfigError(
		"config/usage",
		`the number of ${formatValue(rounded[0])} would be rounded: quote it as text`,
	);
}

function readClaim(text: string, asText: readonly string[]): [string, unknown] {
	const at = text.indexOf("=");
	if (at < 1) throw new ConfigError("config/usage", `expected claim=value, got ${formatValue(text)}`);
	const name = text.slice(0, at);
	const value = text.slice(at + 1);
	if (asText.includes(name)) return [name, value];
	try {
		return [name, parseJson(value)];
	} catch {
		return [name, value];
	}
}
