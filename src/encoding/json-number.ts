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
const COMMA = 0x2c;
const NINE = 0x39;
const LOWER_E = 0x65;
/** Longer numbers count as rounded without reading their digits, which takes microseconds for each. */
const MAX_CHARACTERS = 64;
/** Shorter ones aren't rounded, unless they have an exponent. */
const EXACT_CHARACTERS = 15;
/** A number with at most this many characters is finite, unless it has an exponent. */
const FINITE_CHARACTERS = 308;

/**
 * Finds the end of the number that starts at `at`; returns `at` if there is none. The last letter of `true` and `false`
 * also passes for a number, but not for a rounded one; anything else that does is rejected by the parser.
 */
export function findNumberEnd(text: string, at: number): number {
	let end = at;
	while (isNumberPart(text.charCodeAt(end))) end++;
	return end;
}

/** A digit, a sign, a dot or an e; also a slash, which the parser rejects. */
function isNumberPart(code: number): boolean {
	return (code >= PLUS && code <= NINE && code !== COMMA) || (code | 0x20) === LOWER_E;
}

/** Whether JavaScript would change a number: beyond 2^53 - 1, or so small that it becomes zero. */
export function isRounded(literal: string): boolean {
	if (literal.length <= EXACT_CHARACTERS && !/e/i.test(literal)) return false;
	const value = literal.length > MAX_CHARACTERS ? Infinity : Number(literal);
	return value === 0 ? Number(literal.toLowerCase().split("e")[0]) !== 0 : Math.abs(value) > Number.MAX_SAFE_INTEGER;
}

/** Whether JavaScript would read a number as infinite. */
export function isOverflow(literal: string): boolean {
	const isSmall = literal.length <= FINITE_CHARACTERS && !/e/i.test(literal);
	return !isSmall && !Number.isFinite(Number(literal));
}
