/**
 * docs/migrating/from-0.3.md against the names of 0.3.0 (names-0.3.0.txt, which never changes) and those of today: each
 * name of today in its tables exists, and each name that is gone or has moved is in them and in CHANGELOG.md.
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { root } from "../../../scripts/sources.ts";
import { ERROR_CODES } from "../../../src/errors/codes.ts";
import { listCommands, loadProgram } from "../../support/commander-program.ts";
import { declaredNames } from "../../support/declared-names.ts";

interface Row {
	/** The quoted texts of what 0.3.0 had. */
	readonly before: readonly string[];
	/** The quoted texts of what there is now. */
	readonly now: readonly string[];
}

/** Quoted on the page, but not names of this package. */
const FOREIGN = ["application/problem+json", "node:http", "NODE_USE_ENV_PROXY", "Retry-After", "settingsFile", "title"];
const CODE = /^[a-z]+\/[a-z-]+$/;

const page = read("docs/migrating/from-0.3.md");
const [news = ""] = read("CHANGELOG.md").split("\n## 0.3.0 ");
const rows = readRows();
const names = read("test/docs/migrating/names-0.3.0.txt").trimEnd().split("\n");

/** The surface of today, in the form of names-0.3.0.txt. */
let today: Set<string>;
let exportsOf: ReadonlyMap<string, readonly string[]>;
/** Exports and members, without what they belong to. */
let known: Set<string>;

beforeAll(async () => {
	const { exports, members } = declaredNames();
	exportsOf = exports;
	known = new Set([...exports.values()].flat());
	for (const member of members) known.add(member.split(".")[1] ?? "");
	today = new Set(Object.keys(ERROR_CODES).map((code) => `code ${code}`));
	for (const [entry, list] of exports) for (const name of list) today.add(`export ${entry} ${name}`);
	for (const member of members) today.add(`member ${member}`);
	for (const { command, path } of listCommands(await loadProgram())) {
		const words = path.join(" ");
		today.add(`command ${words}`);
		for (const { long } of command.createHelp().visibleOptions(command)) today.add(`option ${words} ${long}`);
		for (const { long } of command.createHelp().visibleGlobalOptions(command)) today.add(`option ${words} ${long}`);
	}
});

it("every name of today in the tables exists", () => {
	const quoted = rows.flatMap(({ now }) => now);
	expect(quoted.length).toBeGreaterThan(60);
	expect(quoted.filter((text) => !exists(text))).toEqual([]);
	expect(FOREIGN.filter((name) => !quoted.includes(name))).toEqual([]);
});

it("every name that is gone since 0.3.0 is in the tables", () => {
	const gone = names.filter((name) => !today.has(name));
	expect(gone.length).toBeGreaterThan(100);
	expect(gone.filter((name) => !isInTables(name))).toEqual([]);
});

it("every name that is gone since 0.3.0 is in CHANGELOG.md", () => {
	const told = quotedIn(news);
	const isTold = (text: string): boolean => told.some((quoted) => new RegExp(`\\b${text}\\b`).test(quoted));
	const gone = names.filter((name) => !today.has(name) && !isMemberOfGone(name));
	const isUntold = (name: string): boolean => {
		const [, owner = "", last = owner.split(".").at(-1) ?? ""] = name.split(" ");
		const hasEntryMoved = !exportsOf.has(owner) && known.has(last) && isTold(owner);
		return !hasEntryMoved && !isTold(last);
	};
	expect(gone.filter(isUntold)).toEqual([]);
});

/** Whether a quoted text names an entry point, a code, an option of a command, an export or a member of one. */
function exists(text: string): boolean {
	if (FOREIGN.includes(text)) return true;
	if (text.startsWith("orgpass")) return exportsOf.has(text);
	if (CODE.test(text)) return today.has(`code ${text}`);
	if (text.startsWith("--")) return [...today].some((name) => name.startsWith("option ") && name.endsWith(` ${text}`));
	if (/^[A-Z]\w*\.\w+$/.test(text)) return today.has(`member ${text}`);
	const identifiers = /^(\w+)(?:<(\w+)>)?(?:\(.*\)|: (?:true|false))?$/.exec(text);
	return identifiers?.slice(1).every((name) => name === undefined || known.has(name)) ?? false;
}

/** Whether a line of names-0.3.0.txt that isn't one of today's is in the column of 0.3.0. */
function isInTables(name: string): boolean {
	const [kind, owner = "", last = ""] = name.split(" ");
	const isQuoted = (text: string): boolean => rows.some(({ before }) => before.some((quoted) => isNamed(quoted, text)));
	if (isMemberOfGone(name)) return true;
	if (kind === "member") return isQuoted(owner) || isQuoted(owner.split(".")[1] ?? "");
	if (kind !== "export") return isQuoted(last === "" ? owner : last);
	if (!known.has(last)) return isQuoted(last);
	return rows.some(
		({ before, now }) =>
			before.includes(owner) &&
			(before.includes(last) || !exportsOf.has(owner)) &&
			now.some((entry) => exportsOf.get(entry)?.includes(last)),
	);
}

/** Whether a line of names-0.3.0.txt is about a member of a type that is gone itself. */
function isMemberOfGone(name: string): boolean {
	const [kind, owner = ""] = name.split(" ");
	return kind === "member" && !known.has(owner.split(".")[0] ?? "");
}

/** Whether a quoted text is a name, or a call or a type with it. */
function isNamed(quoted: string, name: string): boolean {
	return quoted === name || new RegExp(`(?:^|<)${name}[(<]`).test(quoted);
}

/** The rows of all tables whose last columns are 0.3.0 and now. */
function readRows(): Row[] {
	const tables = [...page.matchAll(/^\|(?:.*\|)? 0\.3\.0 \| now \|\n\|[-|]+\|\n((?:\|.*\|\n)+)/gm)];
	return tables.flatMap(([, body = ""]) =>
		body
			.trimEnd()
			.split("\n")
			.map((line) => {
				const [before = "", now = ""] = line.split(/(?<!\\)\|/).slice(-3, -1);
				return { before: quotedIn(before), now: quotedIn(now) };
			}),
	);
}

function quotedIn(cell: string): string[] {
	return [...cell.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text);
}

function read(path: string): string {
	return readFileSync(join(root, path), "utf8");
}
