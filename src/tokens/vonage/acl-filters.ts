/**
 * Matches the filters of an ACL rule. A query can contain another parameter that a server reads as the filtered one:
 * PHP reads `user.id` and `user[id` as `user_id`; others drop blanks, cut at NUL or ignore case. A rule with filters
 * never allows such a query.
 * @module
 */
import { undefinedOnError } from "../../encoding/undefined-on-error.js";
import type { AclFilterValue, AclRule } from "./acl-schema.js";

type Filters = NonNullable<AclRule["filters"]>;

/** A longer name isn't decoded but refused; no filter's name is that long. */
const MAX_NAME_LENGTH = 2_048;
/** How often a name may be percent-encoded. */
const MAX_DECODINGS = 3;
/** Where some parsers end a parameter. */
const ENDS = /[;&?]/;
const LETTER_OR_DIGIT = /^[\p{Letter}\p{Mark}\p{Number}]$/u;
const WITHIN_WORD: ReadonlySet<string> = new Set("_-");

/** Only own members that are strings count: a JSON body may contain anything. */
export function matchesFilters(filters: Filters | undefined, parameters: unknown): boolean {
	if (filters === undefined) return true;
	const entries = Object.entries(filters);
	if (entries.length === 0) return true;
	const own = Object(parameters) as Record<string, unknown>;
	const isMatched = entries.every(([name, wanted]) => {
		const given = Object.hasOwn(own, name) ? own[name] : undefined;
		return [wanted].flat().some((value: AclFilterValue) => String(value) === given);
	});
	return isMatched && !hasSecondReading(filters, own);
}

function hasSecondReading(filters: Filters, parameters: Record<string, unknown>): boolean {
	const filtered = new Set(Object.keys(filters).map(skeletonOf));
	return Object.entries(parameters).some(([name, value]) => {
		if (!Object.hasOwn(filters, name) && mayBeRead(name, filtered)) return true;
		// Old Go, Python and Ruby parsers also end a parameter at a semicolon.
		const others = typeof value === "string" ? value.split(";").slice(1) : [];
		return others.some((other) => mayBeRead(other.split("=", 1)[0] as string, filtered));
	});
}

/** Whether any parser could read a name as one of the filtered ones. */
function mayBeRead(name: string, filtered: ReadonlySet<string>): boolean {
	let text: string | undefined = name;
	for (let times = 0; times <= MAX_DECODINGS; times++) {
		if (text === undefined || text.length > MAX_NAME_LENGTH) return true;
		if (text.split(ENDS).some((part) => hasReading(part, filtered))) return true;
		if (!text.includes("%")) return false;
		const encoded: string = text;
		text = undefinedOnError(() => decodeURIComponent(encoded));
	}
	return true;
}

/** Compares the whole name and its prefixes: `user_id[0]`, `user_id.x` or `user_id` + NUL may be read as `user_id`. */
function hasReading(name: string, filtered: ReadonlySet<string>): boolean {
	let skeleton = "";
	for (const character of fold(name)) {
		if (LETTER_OR_DIGIT.test(character)) skeleton += character;
		else if (!WITHIN_WORD.has(character) && filtered.has(skeleton)) return true;
	}
	return filtered.has(skeleton);
}

/** The letters and digits of a name: what remains if a parser drops, trims or replaces the rest. */
function skeletonOf(name: string): string {
	return [...fold(name)].filter((character) => LETTER_OR_DIGIT.test(character)).join("");
}

function fold(text: string): string {
	return text.normalize("NFKC").toUpperCase().toLowerCase();
}
