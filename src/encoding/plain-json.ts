/**
 * A quick parser of plain JSON, which nearly all tokens contain: without escapes, and with short integers only. It
 * allocates nothing but the result.
 * @module
 */
import { REFUSED_NAMES } from "./refused-names.js";

const QUOTE = 0x22;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const LOWER_E = 0x65;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

type JsonMembers = { readonly [name: string]: unknown };

/** As many kinds of brackets fit into the bits of an integer. */
const MAX_PLAIN_DEPTH = 30;
/** JavaScript represents every integer with as many digits. */
const MAX_DIGITS = 15;

/**
 * Parses a text if it is plain, not nested too deeply, and without duplicate member names. Returns undefined for any
 * other text, whether or not it is valid.
 */
export function parsePlainJson(text: string, maxDepth: number): unknown {
	if (text.includes("\\")) return undefined;
	const names = countNames(text, Math.min(maxDepth, MAX_PLAIN_DEPTH));
	if (names < 0) return undefined;
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return undefined;
	}
	// Of members with the same name, the parser keeps one.
	return countMembers(value) === names ? value : undefined;
}

/** Counts the member names in a text, provided that it is valid; returns -1 if it isn't plain. */
function countNames(text: string, maxDepth: number): number {
	let count = 0;
	let depth = 0;
	/** The kinds of the open brackets, the innermost in the lowest bit: 1 for an object. */
	let kinds = 0;
	let expectsName = false;
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code === QUOTE) {
			if (expectsName) count++;
			expectsName = false;
			at = text.indexOf('"', at + 1);
			if (at < 0) return -1;
		} else if (code === COMMA) {
			expectsName = (kinds & 1) === 1;
		} else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
			expectsName = code === OPEN_OBJECT;
			kinds = (kinds << 1) | Number(expectsName);
			if (++depth > maxDepth) return -1;
		} else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
			expectsName = false;
			kinds >>= 1;
			depth--;
		} else if (code >= ZERO && code <= NINE) {
			const end = findDigitsEnd(text, at);
			if (end - at > MAX_DIGITS || continuesNumber(text.charCodeAt(end))) return -1;
			at = end - 1;
		}
	}
	return count;
}

function findDigitsEnd(text: string, at: number): number {
	let end = at;
	for (let code = text.charCodeAt(end); code >= ZERO && code <= NINE; code = text.charCodeAt(end)) end++;
	return end;
}

/** Whether a number doesn't end with its digits: it has a fraction or an exponent, or isn't valid. */
function continuesNumber(code: number): boolean {
	return code === DOT || code === PLUS || code === MINUS || (code | 0x20) === LOWER_E;
}

/** Counts the members of all objects in a value; NaN if one of them has a refused name. */
function countMembers(value: unknown): number {
	if (typeof value !== "object" || value === null) return 0;
	let count = 0;
	if (Array.isArray(value)) {
		for (const item of value) count += countMembers(item);
		return count;
	}
	for (const name in value)
		count += REFUSED_NAMES.has(name) ? Number.NaN : 1 + countMembers((value as JsonMembers)[name]);
	return count;
}
