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

const DIGITS = "0123456789";
/** A number with at most this many characters is exact, unless it has an exponent. */
const EXACT_CHARACTERS = 15;

/** Finds the end of the number that starts at `at`; returns `at` if there is none. */
export function findNumberEnd(text: string, at: number): number {
	let end = at;
	if (`-${DIGITS}`.includes(text.charAt(at))) {
		do end++;
		while (`+-.eE${DIGITS}`.includes(text.charAt(end) || " "));
	}
	return end;
}

/** Whether JavaScript would change a number: beyond 2^53 - 1, or so small that it becomes zero. */
export function isRounded(literal: string): boolean {
	const [mantissa = "", exponent] = literal.toLowerCase().split("e");
	if (literal.length <= EXACT_CHARACTERS && exponent === undefined) return false;
	const value = Number(literal);
	if (value === 0) return [...mantissa].some((character) => character >= "1");
	return Math.abs(value) > Number.MAX_SAFE_INTEGER;
}
