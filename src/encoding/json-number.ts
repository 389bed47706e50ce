/**
 * JSON numbers (RFC 8259 section 6) that JavaScript can't represent: it reads `9007199254740993` as `…992` and `1e400`
 * as Infinity.
 * @module
 */

/** Thrown for a JSON number that JavaScript would round. The message omits the number: it may be a secret. */
export class JsonNumberError extends SyntaxError {
	/** The names of the members that lead to the number, outermost first. */
	readonly path: readonly string[];

	constructor(path: readonly string[]) {
		super("JSON: a number is out of range");
		this.path = path;
	}
}

const PLUS = 0x2b;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const LOWER_E = 0x65;
const UPPER_E = 0x45;
/** A number with at most this many characters is exact, unless it has an exponent. */
const EXACT_CHARACTERS = 15;
/** Longer numbers count as rounded without a look at their digits. */
const MAX_CHARACTERS = 1_000;

/** Finds the end of the number that starts at `at`; returns `at` if there is none. */
export function findNumberEnd(text: string, at: number): number {
	const first = text.charCodeAt(at);
	if (first !== MINUS && !isDigit(first)) return at;
	let end = at + 1;
	while (isNumberPart(text.charCodeAt(end))) end++;
	return end;
}

function isDigit(code: number): boolean {
	return code >= ZERO && code <= NINE;
}

function isNumberPart(code: number): boolean {
	if (isDigit(code)) return true;
	return code === DOT || code === MINUS || code === PLUS || code === LOWER_E || code === UPPER_E;
}

/** Whether JavaScript would change a number: beyond 2^53 - 1, or so small that it becomes zero. */
export function isRounded(literal: string): boolean {
	if (literal.length > MAX_CHARACTERS) return true;
	const [mantissa = "", exponent] = literal.toLowerCase().split("e");
	if (literal.length <= EXACT_CHARACTERS && exponent === undefined) return false;
	const value = Number(literal);
	if (value === 0) return [...mantissa].some((character) => character >= "1");
	return Math.abs(value) > Number.MAX_SAFE_INTEGER;
}
