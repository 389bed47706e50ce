/**
 * `JSON.parse` without a bug of V8 13.6 (Node.js 24): it takes some member names with escapes for other names, which may
 * even be those of another text.
 * @module
 */
import { findStringEnd } from "./json-string.js";
import { keptNumber } from "./kept-number.js";

/** Changes each value as it is parsed, as in `JSON.parse`. */
type Reviver = (name: string, value: unknown, context?: { readonly source?: string }) => unknown;

/** Parses JSON as `JSON.parse` does; {@link parseJson} is stricter. A reviver doesn't see all names as they are. */
export function parseNative(text: string, reviver?: Reviver): unknown {
	if (!text.includes("\\")) return parse(text, reviver);
	/** Names that can't be written without escapes, by what is parsed instead. */
	const replaced = new Map<string, string>();
	const value = parse(unescapeNames(text, replaced), reviver);
	return replaced.size === 0 ? value : rename(value, replaced);
}

function parse(text: string, reviver?: Reviver): unknown {
	try {
		return JSON.parse(text, reviver);
	} catch {
		// The native message quotes the text, which may be a secret.
		throw new SyntaxError("JSON: not valid");
	}
}

/** Writes member names without escapes, and adds to `replaced` those that can't be written so. */
function unescapeNames(text: string, replaced: Map<string, string>): string {
	/** Unpredictable, so that no other name begins with it. */
	let prefix = "";
	let result = "";
	let done = 0;
	for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at)) {
		const end = findStringEnd(text, at, true) + 1;
		const literal = text.slice(at, end);
		if (literal.includes("\\") && text.slice(end).trimStart().startsWith(":")) {
			const name = parse(literal) as string;
			let written = JSON.stringify(name);
			if (written.includes("\\")) {
				prefix ||= crypto.randomUUID();
				written = `"${prefix}${replaced.size}"`;
				replaced.set(written.slice(1, -1), name);
			}
			result += text.slice(done, at) + written;
			done = end;
		}
		at = end;
	}
	return result + text.slice(done);
}

/** Gives members their own names again. */
function rename(value: unknown, replaced: ReadonlyMap<string, string>): unknown {
	if (Array.isArray(value)) return value.map((item) => rename(item, replaced));
	if (typeof value !== "object" || value === null || keptNumber(value) !== undefined) return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, member]) => [replaced.get(name) ?? name, rename(member, replaced)]),
	);
}
