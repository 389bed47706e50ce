/**
 * `JSON.parse` without a bug of V8 13.6 (Node.js 24): it takes some member names with escapes for other names, which may
 * even be those of another text.
 * @module
 */
import { findStringEnd } from "./json-string.js";
import { keptNumber } from "./kept-number.js";

const COLON = 0x3a;
const WHITESPACE = " \t\n\r";

/** Changes each value as it is parsed, as in `JSON.parse`. */
type Reviver = (name: string, value: unknown, context?: { readonly source?: string }) => unknown;

/** Gives the members of a value their own names. */
type Rename = (value: unknown) => unknown;

/** Parses JSON as `JSON.parse` does; {@link parseJson} is stricter. A reviver doesn't see all names as they are. */
export function parseNative(text: string, reviver?: Reviver): unknown {
	if (!text.includes("\\")) return parse(text, reviver);
	const { text: plain, rename } = unescapeNames(text);
	const value = parse(plain, reviver);
	return rename === undefined ? value : rename(value);
}

function parse(text: string, reviver?: Reviver): unknown {
	try {
		return JSON.parse(text, reviver);
	} catch {
		// The native message quotes the text, which may be a secret.
		throw new SyntaxError("JSON: not valid");
	}
}

/** Writes member names without escapes. A name that can't be written so is replaced until the text is parsed. */
function unescapeNames(text: string): { readonly text: string; readonly rename: Rename | undefined } {
	const replaced = new Map<string, string>();
	/** Unpredictable, so that no other name begins with it. */
	let prefix = "";
	let result = "";
	let done = 0;
	for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at)) {
		const end = findStringEnd(text, at, true) + 1;
		const literal = text.slice(at, end);
		if (literal.includes("\\") && isFollowedByColon(text, end)) {
			const name = parse(literal) as string;
			let plain = JSON.stringify(name);
			if (plain.includes("\\")) {
				prefix ||= crypto.randomUUID();
				plain = `"${prefix}${replaced.size}"`;
				replaced.set(plain.slice(1, -1), name);
			}
			result += text.slice(done, at) + plain;
			done = end;
		}
		at = end;
	}
	return { text: result + text.slice(done), rename: replaced.size === 0 ? undefined : rename };

	function rename(value: unknown): unknown {
		if (Array.isArray(value)) return value.map(rename);
		if (typeof value !== "object" || value === null || keptNumber(value) !== undefined) return value;
		return Object.fromEntries(
			Object.entries(value).map(([name, member]) => [replaced.get(name) ?? name, rename(member)]),
		);
	}
}

function isFollowedByColon(text: string, end: number): boolean {
	let at = end;
	while (WHITESPACE.includes(text.charAt(at)) && at < text.length) at++;
	return text.charCodeAt(at) === COLON;
}
