/**
 * Strict JSON (RFC 8259): anything that parsers disagree about is rejected. One linear scan without recursion checks
 * the depth and numbers before the native parser sees the text. It also counts the members: if the parsed value has fewer,
 * two of them had the same name.
 * @module
 */
import { findNumberEnd, isRounded, JsonNumberError } from "./json-number.js";
import { findStringEnd } from "./json-string.js";
import type { NumberReviver } from "./kept-number.js";
import { parseNative } from "./native-json.js";
import { REFUSED_NAMES } from "./refused-names.js";

/** A JSON object whose members have not been checked. */
export type JsonObject = { readonly [name: string]: unknown };

/** Checks whether a value is an object, neither null nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

export interface ParseJsonOptions {
	/** The deepest nesting of objects and arrays, at most 32, which is the default. */
	readonly maxDepth?: number | undefined;
	/** Whether numbers that JavaScript would round are rejected or kept. Default: they are rounded. */
	readonly numbers?: "reject" | NumberReviver | undefined;
}

const BOM = 0xfeff;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** The kinds of the open brackets are the bits of an integer. */
const MAX_DEPTH = 32;

/** What a text contains if it is valid JSON. */
interface Contents {
	/** The members of all objects. */
	readonly members: number;
	/** Where the first number is that JavaScript would round; -1 if there is none. */
	readonly rounded: number;
}

/** Parses JSON. Rejects duplicate and prototype names, deep nesting, lone surrogates, a BOM and trailing data. */
export function parseJson(text: string, { maxDepth = MAX_DEPTH, numbers }: ParseJsonOptions = {}): unknown {
	if (text.charCodeAt(0) === BOM) throw new SyntaxError("JSON: begins with a byte order mark");
	assertWellFormed(text);
	const hasEscapes = text.includes("\\");
	const { members, rounded } = scan(text, maxDepth, hasEscapes);
	const value = parseNative(text);
	// Of members with the same name, the parser keeps one.
	if (countMembers(value, hasEscapes) !== members) throw new SyntaxError("JSON: a duplicate member name");
	// A reviver more than doubles the time, so it is left out where it would change nothing.
	const reviver = numbers === "reject" || (numbers?.onlyRounded && rounded < 0) ? undefined : numbers;
	const isRefused = numbers === "reject" || (reviver && !("rawJSON" in JSON));
	if (rounded >= 0 && isRefused) throw new JsonNumberError(pathTo(text, rounded));
	return reviver === undefined ? value : parseNative(text, reviver);
}

/** Counts the members of all objects in a value. Throws if a name or a text isn't allowed. */
function countMembers(value: unknown, hasEscapes: boolean): number {
	if (hasEscapes && typeof value === "string") assertWellFormed(value);
	if (typeof value !== "object" || value === null) return 0;
	let count = 0;
	if (Array.isArray(value)) {
		for (const item of value) count += countMembers(item, hasEscapes);
		return count;
	}
	for (const name of Object.keys(value)) {
		if (REFUSED_NAMES.has(name)) throw new SyntaxError(`JSON: the member name ${name} is not allowed`);
		if (hasEscapes) assertWellFormed(name);
		count += 1 + countMembers((value as JsonObject)[name], hasEscapes);
	}
	return count;
}

function assertWellFormed(text: string): void {
	if (!text.isWellFormed()) throw new SyntaxError("JSON: a lone surrogate");
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

/** Checks everything except the grammar and the names. */
function scan(text: string, maxDepth: number, hasEscapes: boolean): Contents {
	let members = 0;
	let rounded = -1;
	let depth = 0;
	/** The open brackets, the innermost in the lowest bit: 1 for an object. */
	let objects = 0;
	let expectsName = false;
	let expectsComma = false;
	for (let at = 0; at < text.length; at++) {
		switch (text.charCodeAt(at)) {
			case QUOTE:
				members += Number(expectsName);
				expectsName = false;
				at = findStringEnd(text, at, hasEscapes);
				break;
			case OPEN_OBJECT:
			case OPEN_ARRAY:
				if (depth === maxDepth) throw new SyntaxError(`JSON: nested deeper than ${maxDepth} at ${at}`);
				depth++;
				expectsName = text.charCodeAt(at) === OPEN_OBJECT;
				objects = (objects << 1) | Number(expectsName);
				break;
			case CLOSE_OBJECT:
			case CLOSE_ARRAY:
				depth--;
				objects >>>= 1;
				expectsName = false;
				break;
			case COMMA:
				expectsName = (objects & 1) === 1;
				expectsComma = false;
				break;
			default: {
				const end = findNumberEnd(text, at);
				if (end === at) break;
				// The parser rejects two numbers without a comma. Without this check, commas wouldn't limit how many numbers are read.
				if (expectsComma) return { members, rounded };
				expectsComma = true;
				if (rounded < 0 && isRounded(text.slice(at, end))) rounded = at;
				at = end - 1;
			}
		}
	}
	return { members, rounded };
}

/** Returns the names of the members that lead to a place in a valid text, outermost first. */
function pathTo(text: string, place: number): readonly string[] {
	/** The current member of each open object; empty for arrays. */
	const path: string[] = [];
	let string = "";
	for (let at = 0; at < place; at++) {
		switch (text.charCodeAt(at)) {
			case QUOTE: {
				const end = findStringEnd(text, at, true);
				string = text.slice(at, end + 1);
				at = end;
				break;
			}
			case COLON:
				path[path.length - 1] = JSON.parse(string) as string;
				break;
			case OPEN_OBJECT:
			case OPEN_ARRAY:
				path.push("");
				break;
			case CLOSE_OBJECT:
			case CLOSE_ARRAY:
				path.pop();
		}
	}
	return path.filter(Boolean);
}
