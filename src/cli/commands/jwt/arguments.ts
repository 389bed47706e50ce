/**
 * `--with-arguments` of `jwt sign`: the claims, as ioctl takes them.
 * @module
 */
import { parseJson } from "../../../encoding/json.js";
import type { ConfigError } from "../../../errors/errors.js";
import { formatValue } from "../../../errors/format-value.js";
import { invalidOption } from "../../../options/invalid-option.js";

/** What a token is asked to say. */
export interface SignArguments {
	/** Seconds since the epoch; 0 for a token without end. */
	readonly expiresAt: number;
	readonly resource: string;
	readonly operation: string;
	/** All that was given, as it was given: ioctl prints it, whether it goes into the token or not. */
	readonly given: ReadonlyMap<string, string>;
}

const EXAMPLE = `{"exp":"1700003600","sub":"https://host/path","scope":"Read"}`;
/** After that JavaScript's numbers round. */
const MAX_DIGITS = 15;

/** Reads the claims. */
export function parseArguments(text: string): SignArguments {
	const given = parseMembers(text || "{}");
	return {
		expiresAt: parseExpiry(given.get("exp") ?? ""),
		resource: given.get("sub") ?? "",
		operation: given.get("scope") ?? "",
		given,
	};
}

function parseMembers(text: string): ReadonlyMap<string, string> {
	const members = parseObject(text);
	for (const [name, value] of members) {
		if (typeof value === "string") continue;
		throw invalid(`an object of strings, as in ${EXAMPLE}: ${formatValue(name)} is ${formatValue(value)}`);
	}
	return members as ReadonlyMap<string, string>;
}

function parseObject(text: string): ReadonlyMap<string, unknown> {
	let value: unknown;
	try {
		value = parseJson(text);
	} catch (cause) {
		const reason = cause instanceof Error ? cause.message : "unreadable";
		throw invalid(`a JSON object, as in ${EXAMPLE}: ${reason}`, cause);
	}
	if (typeof value === "object" && value !== null && !Array.isArray(value)) {
		return new Map(Object.entries(value));
	}
	throw invalid(`a JSON object, as in ${EXAMPLE}, got ${formatValue(value)}`);
}

/** Go would take a sign, too; a token that ended before 1970 helps nobody. */
function parseExpiry(text: string): number {
	if (text === "") return 0;
	if (/^\d+$/.test(text) && text.replace(/^0+/, "").length <= MAX_DIGITS) return Number(text);
	throw invalid(
		`an object whose exp is seconds since the epoch as a decimal string, got ${formatValue(text)}`,
	);
}

function invalid(expected: string, cause?: unknown): ConfigError {
	return invalidOption("with-arguments", expected, { label: "--with-arguments", cause });
}
