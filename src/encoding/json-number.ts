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

const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
/** Finds the end of the number that starts at `at`; returns `at` if there is none. */
export function findNumberEnd(text: string, at: number): number {
	let end = at;
	let code = text.charCodeAt(at);
	if (code === MINUS || isDigit(code)) {
		do code = text.charCodeAt(++end);
		while (isDigit(code) || "+-.eE".includes(text[end] ?? " "));
	}
	return end;
}

function isDigit(code: number): boolean {
	return code >= ZERO && code <= NINE;
}

/** Whether JavaScript would change a number: beyond 2^53 - 1, or so small that it becomes zero. */
export function isRounded(literal: string): boolean {
	const value = Number(literal);
	if (value !== 0) return Math.abs(value) > Number.MAX_SAFE_INTEGER;
	const [mantissa = ""] = literal.toLowerCase().split("e");
	for (const character of mantissa) if (character >= "1") return true;
	return false;
}
