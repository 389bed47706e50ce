/**
 * The schema of the `acl` claim, for minting and verifying. Anything unknown is refused: skipping a restriction would
 * grant more than the minter intended.
 * @module
 */
import type { TokenError } from "../../errors/errors.js";
import { formatValue } from "../../errors/errors.js";
import { invalidClaim } from "../../jws/claims.js";
import { MAX_PATH_LENGTH, MAX_SEGMENTS, splitPattern } from "./acl-path.js";

/** The most patterns in a list, filters in a rule, and methods or values in an array. */
const MAX_MEMBERS = 128;
const MAX_METHOD_LENGTH = 32;
const MAX_TEXT_LENGTH = 1_024;

/** Names that token parsers refuse, including ours. */
const UNSAFE_NAMES = ["__proto__", "constructor"];

const METHOD_CHARACTERS: ReadonlySet<string> = new Set("ABCDEFGHIJKLMNOPQRSTUVWXYZ-");

/** The exact value that a filter requires of a parameter: text, or a whole number for its decimal digits. */
export type AclFilterValue = string | number;

/** What a pattern allows; an empty rule allows everything on its paths. */
export interface AclRule {
	/** The methods allowed, in upper case (RFC 9110 section 9.1); absent if all are allowed. */
	readonly methods?: readonly string[];
	/** The value or values that a parameter may have, by its name; all filters must match. */
	readonly filters?: Readonly<Record<string, AclFilterValue | readonly AclFilterValue[]>>;
}

/** The `acl` claim of a Vonage token: everything that its bearer may do. */
export interface Acl {
	/** Rules by pattern: an absolute path whose segments may be `*` (exactly one) or `**` (any number). */
	readonly paths: Readonly<Record<string, AclRule>>;
}

/** Copies and checks an `acl` claim; `parseAcl` also compiles its patterns. */
export function copyAcl(value: unknown): Acl {
	const { paths } = membersOf(value, "acl", ["paths"]);
	if (paths === undefined) throw aclError("acl", "an object with the member paths", value);
	const rules = Object.entries(membersOf(paths, "acl.paths"));
	const parsed = rules.map(([pattern, rule]) => [assertPattern(pattern), parseRule(pattern, rule)] as const);
	return Object.freeze({ paths: Object.freeze(Object.fromEntries(parsed)) });
}

/** Whether a rule can name the method. RFC 9110 allows more characters, such as `*`, which looks like a wildcard. */
export function isMethod(value: unknown): value is string {
	if (typeof value !== "string" || value.length > MAX_METHOD_LENGTH) return false;
	return value !== "" && !value.startsWith("-") && [...value].every((character) => METHOD_CHARACTERS.has(character));
}

function assertPattern(pattern: string): string {
	if (splitPattern(pattern) !== undefined) return pattern;
	throw aclError(
		"a name in acl.paths",
		"an absolute path without a trailing slash, whose segments are *, ** or plain text " +
			`(at most ${MAX_SEGMENTS} segments and ${MAX_PATH_LENGTH} characters)`,
		pattern,
	);
}

function parseRule(pattern: string, value: unknown): AclRule {
	const place = `acl.paths[${formatValue(pattern)}]`;
	// PHP encodes an empty object as an empty array; the vendor's own guide creates such tokens.
	if (Array.isArray(value) && value.length === 0) return Object.freeze({});
	const { methods, filters } = membersOf(value, place, ["methods", "filters"]);
	return Object.freeze({
		...(methods === undefined ? {} : { methods: parseMethods(`${place}.methods`, methods) }),
		...(filters === undefined ? {} : { filters: parseFilters(`${place}.filters`, filters) }),
	});
}

function parseMethods(place: string, value: unknown): readonly string[] {
	const methods = elementsOf(value);
	if (!methods) throw aclError(place, `an array of 1 to ${MAX_MEMBERS} methods`, value);
	return Object.freeze(
		methods.map((method) => {
			if (isMethod(method)) return method;
			throw aclError(place, "methods in upper case (A to Z and hyphens)", method);
		}),
	);
}

function parseFilters(place: string, value: unknown): NonNullable<AclRule["filters"]> {
	const filters = Object.entries(membersOf(value, place));
	const parsed = filters.map(([name, values]) => {
		if (UNSAFE_NAMES.includes(name) || !isText(name)) throw aclError(place, "filters by parameter name", name);
		return [name, parseFilter(`${place}[${formatValue(name)}]`, values)] as const;
	});
	return Object.freeze(Object.fromEntries(parsed));
}

function parseFilter(place: string, value: unknown): AclFilterValue | readonly AclFilterValue[] {
	if (isFilterValue(value)) return value;
	const values = elementsOf(value);
	if (values?.every(isFilterValue)) return Object.freeze(values);
	throw aclError(
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

/** The elements of a non-empty array that isn't too long; holes become undefined. */
function elementsOf(value: unknown): unknown[] | undefined {
	if (!Array.isArray(value) || value.length === 0 || value.length > MAX_MEMBERS) return undefined;
	return Array.from(value);
}

/** Returns a plain object's members. Rejects accessors and hidden members, which could serialize to something else. */
function membersOf(value: unknown, place: string, names?: readonly string[]): Record<string, unknown> {
	if (!isPlainObject(value)) throw aclError(place, "a JSON object", value);
	const keys = Reflect.ownKeys(value);
	if (keys.length > MAX_MEMBERS) {
		throw aclError(place, `an object of at most ${MAX_MEMBERS} members`, keys.length);
	}
	const members: [string, unknown][] = [];
	for (const name of keys) {
		const { enumerable, value: member } = Object.getOwnPropertyDescriptor(value, name) as PropertyDescriptor;
		if (typeof name === "symbol" || !enumerable || member === undefined) {
			throw aclError(`${place} member ${formatValue(String(name))}`, "a JSON value", member);
		}
		if (names && !names.includes(name)) {
			throw aclError(place, `an object with only ${names.join(" and ")}`, name);
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

function aclError(place: string, expected: string, value: unknown): TokenError {
	return invalidClaim("acl", expected, value, place);
}
