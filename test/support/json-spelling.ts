/**
 * One JSON value in many spellings: with any whitespace, characters escaped in any way, members in any order.
 * @module
 */
import fc from "fast-check";

/** Decisions of a spelling, used one after the other, again and again. */
export type Choices = readonly number[];

export const choices: fc.Arbitrary<Choices> = fc.oneof(
	fc.constant([0]),
	fc.array(fc.nat(59), { minLength: 1, maxLength: 24, size: "max" }),
);

/**
 * Any character but the backslash, for texts that `JSON.parse` also has to read: once V8 13.6 has parsed a member name with a
 * backslash, it reads that name where others are written with escapes (native-json.ts).
 */
export const clearCharacter: fc.Arbitrary<string> = fc
	.string({ unit: "grapheme", minLength: 1, maxLength: 1 })
	.filter((character) => character !== "\\");

const WHITESPACE = ["", "", "", " ", "\n", "\t", "\r\n  "] as const;
const SHORT: Readonly<Record<string, string>> = {
	"\b": "\\b",
	"\f": "\\f",
	"\n": "\\n",
	"\r": "\\r",
	"\t": "\\t",
	"/": "\\/",
};

/** Writes a value of JSON. */
export function spell(value: unknown, choices: Choices): string {
	let at = 0;
	return write(value);

	function next(): number {
		at += 1;
		return choices[(at - 1) % choices.length] ?? 0;
	}

	function write(value: unknown): string {
		if (typeof value === "string") return around(quote(value));
		if (Array.isArray(value)) return around(`[${value.map(write).join()}${blank()}]`);
		if (typeof value !== "object" || value === null) return around(JSON.stringify(value));
		const members = Object.entries(value).map(([name, member]) => `${around(quote(name))}:${write(member)}`);
		const ordered = next() % 3 === 2 ? members.reverse() : members;
		return around(`{${ordered.join()}${blank()}}`);
	}

	function blank(): string {
		return WHITESPACE[next() % WHITESPACE.length] ?? "";
	}

	function around(text: string): string {
		return `${blank()}${text}${blank()}`;
	}

	function quote(text: string): string {
		return `"${Array.from({ length: text.length }, (_, index) => character(text[index] as string)).join("")}"`;
	}

	/** A UTF-16 unit. Half a surrogate pair can't be escaped without the other, or it would be a lone one. */
	function character(unit: string): string {
		const code = unit.charCodeAt(0);
		const choice = next() % 4;
		const short = unit === '"' || unit === "\\" ? `\\${unit}` : SHORT[unit];
		if (choice === 1 && short !== undefined) return short;
		const isSurrogate = code >= 0xd800 && code < 0xe000;
		if ((choice === 2 || choice === 3) && !isSurrogate) {
			const digits = code.toString(16).padStart(4, "0");
			return `\\u${choice === 2 ? digits : digits.toUpperCase()}`;
		}
		return code < 0x20 || unit === '"' || unit === "\\" ? (short ?? `\\u${code.toString(16).padStart(4, "0")}`) : unit;
	}
}
