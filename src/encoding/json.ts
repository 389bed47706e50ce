/**
 * Strict JSON (RFC 8259): anything that parsers disagree about is rejected. One linear scan without recursion checks
 * depth, member names, surrogates and numbers before the native parser sees the text.
 * @module
 */
import { findNumberEnd, isRounded, JsonNumberError } from "./json-number.js";
import type { NumberReviver } from "./kept-number.js";
import { parsePlainJson } from "./plain-json.js";
import { REFUSED_NAMES } from "./refused-names.js";

/** A JSON object whose members have not been checked. */
export type JsonObject = { readonly [name: string]: unknown };

/** Checks whether a value is an object, neither null nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

export interface ParseJsonOptions {
	/** The deepest nesting of objects and arrays. Default: 32. */
	readonly maxDepth?: number | undefined;
	/** Whether numbers that JavaScript would round are rejected or kept. Default: they are rounded. */
	readonly numbers?: "reject" | NumberReviver | undefined;
}

const BOM = 0xfeff;
const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const LOWER_U = 0x75;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** The names seen so far in an open object; null for an open array. */
type Frame = Set<string> | null;

/** Parses JSON. Rejects duplicate and prototype names, deep nesting, lone surrogates, a BOM and trailing data. */
export function parseJson(text: string, { maxDepth = 32, numbers }: ParseJsonOptions = {}): unknown {
	if (text.charCodeAt(0) === BOM) throw new SyntaxError("JSON: begins with a byte order mark");
	if (!text.isWellFormed()) throw new SyntaxError("JSON: a lone surrogate");
	if (numbers === undefined || numbers === "reject" || numbers.onlyRounded) {
		const value = parsePlainJson(text, maxDepth);
		if (value !== undefined) return value;
	}
	const rounded = scan(text, maxDepth);
	// A reviver more than doubles the time, so it is left out where it would change nothing.
	const reviver = numbers === "reject" || (numbers?.onlyRounded && !rounded) ? undefined : numbers;
	let value: unknown;
	try {
		value = JSON.parse(text, reviver);
	} catch {
		// The native message quotes the text, which may be a secret.
		throw new SyntaxError("JSON: not valid");
	}
	const isRefused = numbers === "reject" || (reviver && !("rawJSON" in JSON));
	if (rounded && isRefused) throw new JsonNumberError(rounded);
	return value;
}

/**
 * Whether a JSON text may have more values than a limit: each takes tens of nanoseconds and bytes, however short it is.
 * Punctuation in strings and escapes are counted too, because strings may contain JSON.
 */
export function hasMoreValues(text: string, limit: number): boolean {
	let count = 0;
	for (const mark of [",", "[", "{", "\\"]) {
		for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
			count += 1;
			if (count > limit) return true;
		}
	}
	return false;
}

/** Checks everything except the grammar; returns the path of the first number that would be rounded. */
function scan(text: string, maxDepth: number): readonly string[] | undefined {
	const frames: Frame[] = [];
	/** The current member of each open object; empty for arrays. */
	const path: string[] = [];
	const hasEscapes = text.includes("\\");
	let rounded: readonly string[] | undefined;
	let names: Frame = null;
	let expectsName = false;
	let expectsComma = false;
	for (let at = 0; at < text.length; at++) {
		switch (text.charCodeAt(at)) {
			case QUOTE: {
				const end = hasEscapes ? findStringEnd(text, at) : text.indexOf('"', at + 1);
				if (end < 0) throw unterminated(at);
				if (names !== null && expectsName) path[path.length - 1] = addName(names, text, at, end);
				expectsName = false;
				at = end;
				break;
			}
			case OPEN_OBJECT:
			case OPEN_ARRAY:
				if (frames.length === maxDepth) throw new SyntaxError(`JSON: nested deeper than ${maxDepth} at ${at}`);
				expectsName = text.charCodeAt(at) === OPEN_OBJECT;
				names = expectsName ? new Set() : null;
				frames.push(names);
				path.push("");
				break;
			case CLOSE_OBJECT:
			case CLOSE_ARRAY:
				frames.pop();
				path.pop();
				names = frames.at(-1) ?? null;
				expectsName = false;
				break;
			case COMMA:
				expectsName = names !== null;
				expectsComma = false;
				break;
			default: {
				const end = findNumberEnd(text, at);
				if (end === at) break;
				// The parser rejects two numbers without a comma. Without this check, commas wouldn't limit how many numbers are read.
				if (expectsComma) return;
				expectsComma = true;
				if (isRounded(text.slice(at, end))) rounded ??= path.filter(Boolean);
				at = end - 1;
			}
		}
	}
	return rounded;
}

function unterminated(open: number): SyntaxError {
	return new SyntaxError(`JSON: unterminated string at ${open}`);
}

/** Finds the quote that closes the string opened at `open`. */
function findStringEnd(text: string, open: number): number {
	let at = open + 1;
	for (;;) {
		const code = text.charCodeAt(at);
		if (code === QUOTE) return at;
		if (Number.isNaN(code)) throw unterminated(open);
		if (code !== BACKSLASH) at++;
		else if (text.charCodeAt(at + 1) === LOWER_U) at = skipUnicodeEscape(text, at);
		else at += 2;
	}
}

/** Skips `\uXXXX`, or two of them that form a surrogate pair. */
function skipUnicodeEscape(text: string, at: number): number {
	const unit = escapedUnit(text, at);
	if (!(unit >= 0xd800 && unit <= 0xdfff)) return at + 6;
	const low = escapedUnit(text, at + 6);
	if (unit > 0xdbff || !(low >= 0xdc00 && low <= 0xdfff)) throw new SyntaxError(`JSON: a lone surrogate at ${at}`);
	return at + 12;
}

/** The code unit of the escape at `at`, or NaN; the native parser later rejects digits that aren't hexadecimal. */
function escapedUnit(text: string, at: number): number {
	if (text.charCodeAt(at) !== BACKSLASH || text.charCodeAt(at + 1) !== LOWER_U) return Number.NaN;
	return Number.parseInt(text.slice(at + 2, at + 6), 16);
}

function addName(names: Set<string>, text: string, open: number, end: number): string {
	const raw = text.slice(open + 1, end);
	const name = raw.includes("\\") ? unescapeName(text, open, end) : raw;
	if (REFUSED_NAMES.has(name)) throw new SyntaxError(`JSON: the member name ${name} is not allowed, at ${open}`);
	if (names.has(name)) throw new SyntaxError(`JSON: a duplicate member name at ${open}`);
	names.add(name);
	return name;
}

function unescapeName(text: string, open: number, end: number): string {
	try {
		return JSON.parse(text.slice(open, end + 1)) as string;
	} catch {
		throw new SyntaxError(`JSON: not valid at ${open}`);
	}
}
