/**
 * The shape of the `acl` claim, for minting and for verifying. Whatever isn't understood is refused: a
 * restriction that is skipped would grant what the token's owner didn't mean to.
 * @module
 */

import type { TokenError } from "../../errors/errors.js";
import { formatValue } from "../../errors/format-value.js";
import { invalidClaim } from "../../jws/claims.js";
import { MAX_PATH_LENGTH, MAX_SEGMENTS, splitPattern } from "./acl-path.js";

/** Patterns of a list, filters of a rule, methods and values in an array. */
const MAX_MEMBERS = 128;
const MAX_METHOD_LENGTH = 32;
const MAX_TEXT_LENGTH = 1_024;

/** Names no parser of tokens takes, ours included. */
const POISONOUS = ["__proto__", "constructor"];

const METHOD_CHARACTERS: ReadonlySet<string> = new Set("ABCDEFGHIJKLMNOPQRSTUVWXYZ-");

/** What a filter compares a request's parameter with: text, exactly, or a whole number's decimal digits. */
export type AclFilterValue = string | number;

/** What a pattern allows; an empty one allows everything on its paths. */
export interface AclRule {
	/** The methods allowed, upper case (RFC 9110 9.1); absent for all. */
	readonly methods?: readonly string[];
	/** By a parameter's name, the value or values it may have; all filters must match. */
	readonly filters?: Readonly<Record<string, AclFilterValue | readonly AclFilterValue[]>>;
}

/** The `acl` claim of a Vonage token: what its bearer may do, and nothing else. */
export interface Acl {
	/** Rules by pattern: an absolute path whose segments may be `*` (exactly one) or `**` (any number). */
	readonly paths: Readonly<Record<string, AclRule>>;
}

/** Reads an `acl` claim. */
export function readAcl(value: unknown): Acl {
	const { paths } = membersOf(value, "acl", ["paths"]);
	if (paths === undefined) throw refusal("acl", "an object with the member paths", value);
	const rules = Object.entries(membersOf(paths, "acl.paths"));
	const read = rules.map(([pattern, rule]) => [checkPattern(pattern), readRule(pattern, rule)] as const);
	return Object.freeze({ paths: Object.freeze(Object.fromEntries(read)) });
}

/**
 * Tells methods that a rule can name: letters in upper case and hyphens. RFC 9110 allows more, among
 * it `*`, which would be taken for a wildcard.
 */
export function isMethod(value: unknown): value is string {
	if (typeof value !== "string" || value.length > MAX_METHOD_LENGTH) return false;
	return value !== "" && !value.startsWith("-") && [...value].every((one) => METHOD_CHARACTERS.has(one));
}

function checkPattern(pattern: string): string {
	if (splitPattern(pattern) !== undefined) return pattern;
	throw refusal(
		"a name in acl.paths",
		"an absolute path without a trailing slash, whose segments are *, ** or plain text " +
			`(at most ${MAX_SEGMENTS} segments and ${MAX_PATH_LENGTH} characters)`,
		pattern,
	);
}

function readRule(pattern: string, value: unknown): AclRule {
	const place = `acl.paths[${formatValue(pattern)}]`;
	// PHP writes its empty array for an empty object; the vendor's own guide makes such tokens.
	if (Array.isArray(value) && value.length === 0) return Object.freeze({});
	const { methods, filters } = membersOf(value, place, ["methods", "filters"]);
	return Object.freeze({
		...(methods === undefined ? {} : { methods: readMethods(`${place}.methods`, methods) }),
		...(filters === undefined ? {} : { filters: readFilters(`${place}.filters`, filters) }),
	});
}

function readMethods(place: string, value: unknown): readonly string[] {
	const methods = elementsOf(value);
	if (!methods) throw refusal(place, `an array of 1 to ${MAX_MEMBERS} methods`, value);
	return Object.freeze(
		methods.map((method) => {
			if (isMethod(method)) return method;
			throw refusal(place, "methods in upper case (A to Z and hyphens)", method);
		}),
	);
}

function readFilters(place: string, value: unknown): NonNullable<AclRule["filters"]> {
	const filters = Object.entries(membersOf(value, place));
	const read = filters.map(([name, values]) => {
		if (POISONOUS.includes(name) || !isText(name)) throw refusal(place, "filters by parameter name", name);
		return [name, readFilter(`${place}[${formatValue(name)}]`, values)] as const;
	});
	return Object.freeze(Object.fromEntries(read));
}

function readFilter(place: string, value: unknown): AclFilterValue | readonly AclFilterValue[] {
	if (isFilterValue(value)) return value;
	const values = elementsOf(value);
	if (values?.every(isFilterValue)) return Object.freeze(values);
	throw refusal(
		place,
		`text of at most ${MAX_TEXT_LENGTH} characters, a whole number, or an array of 1 to ${MAX_MEMBERS} of them`,
		value,
	);
}

function isFilterValue(value: unknown): value is AclFilterValue {
	return Number.isSafeInteger(value) || isText(value);
}

function isText(value: unknown): value is string {
	return typeof value === "string" && value.length <= MAX_TEXT_LENGTH;
}

/** The elements of a true array that isn't empty, not too long and has no holes. */
function elementsOf(value: unknown): unknown[] | undefined {
	if (!Array.isArray(value) || value.length === 0 || value.length > MAX_MEMBERS) return undefined;
	return Array.from(value);
}

/**
 * The members of an object as JSON makes it. Anything with a prototype, accessors or hidden members is
 * refused: it could show one thing here and another when it is serialized.
 */
function membersOf(value: unknown, place: string, names?: readonly string[]): Record<string, unknown> {
	if (!isPlainObject(value)) throw refusal(place, "a JSON object", value);
	const keys = Reflect.ownKeys(value);
	if (keys.length > MAX_MEMBERS) {
		throw refusal(place, `an object of at most ${MAX_MEMBERS} members`, keys.length);
	}
	const members: [string, unknown][] = [];
	for (const name of keys) {
		const { enumerable, value: member } = Object.getOwnPropertyDescriptor(value, name) as PropertyDescriptor;
		if (typeof name === "symbol" || !enumerable || member === undefined) {
			throw refusal(`${place} member ${formatValue(String(name))}`, "a JSON value", member);
		}
		if (names && !names.includes(name)) {
			throw refusal(place, `an object with no other members than ${names.join(" and ")}`, name);
		}
		members.push([name, member]);
	}
	return Object.fromEntries(members);
}

function isPlainObject(value: unknown): value is object {
	if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
	const prototype: unknown = Object.getPrototypeOf(value);
	return prototype === Object.prototype || prototype === null;
}

function refusal(place: string, expected: string, value: unknown): TokenError {
	return invalidClaim("acl", expected, value, place);
}
