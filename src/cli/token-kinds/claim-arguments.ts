/**
 * Claims on the command line, `claim=value`.
 * @module
 */
import { parseJson } from "../../encoding/json.js";
import { JsonNumberError } from "../../encoding/json-number.js";
import { formatValue } from "../../errors/errors.js";
import { usageError } from "../options.js";

/** Parses claims; values are JSON, or text for the named claims and for anything that isn't JSON. */
export function parseClaims(texts: readonly string[], textClaims: readonly string[] = []): Record<string, unknown> {
	const claims = new Map<string, unknown>();
	for (const text of texts) {
		const [name, value] = parseClaim(text, textClaims);
		if (claims.has(name)) throw usageError(`the claim ${formatValue(name)} is given twice`);
		claims.set(name, value);
	}
	return Object.fromEntries(claims);
}

function parseClaim(text: string, textClaims: readonly string[]): [string, unknown] {
	const at = text.indexOf("=");
	if (at < 1) throw usageError(`expected claim=value, got ${formatValue(text)}`);
	const name = text.slice(0, at);
	const value = text.slice(at + 1);
	if (textClaims.includes(name)) return [name, value];
	try {
		return [name, parseJson(value, { numbers: "reject" })];
	} catch (error) {
		if (!(error instanceof JsonNumberError)) return [name, value];
		const place = formatValue([name, ...error.path].join("."));
		throw usageError(`the number in ${place} would be rounded: quote it as text`);
	}
}
