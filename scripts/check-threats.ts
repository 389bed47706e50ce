/**
 * Checks docs/threats.md and docs/promises.md against the tests: every row of their tables names a test, and each file
 * under test/ that it names has a test or suite with the quoted title. The title of a Solidity test is the function's
 * name. The rows of docs/promises.md are the sentences of SECURITY.md, in their order.
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import ts from "typescript";
import { type Problem, root, walk } from "./sources.ts";

const THREATS = "docs/threats.md";
const PROMISES = "docs/promises.md";
const REFERENCE = /`(test\/[^`]+)`|"([^"]+)"/g;
const RUNNER = /^(?:describe|it|test)/;

/** A row of a table: its first cell, and the cell of its tests. */
interface Row {
	readonly place: `${string}:${number}`;
	readonly name: string;
	readonly tests: string;
}

/** Checks both pages; also returns how many titles they name. */
export function checkThreats(): { count: number; problems: Problem[] } {
	const titles = new Map<string, ReadonlySet<string> | undefined>();
	const promises = readRows(PROMISES, 1);
	const results = [...readRows(THREATS, 3), ...promises].map((row) => checkRow(row, titles));
	const sentences = promisesOf(read("SECURITY.md"));
	return {
		count: results.reduce((sum, { count }) => sum + count, 0),
		problems: [...results.flatMap(({ problems }) => problems), ...comparePromises(sentences, promises)],
	};
}

/** The sentences of what SECURITY.md promises, without markup for bold text. */
export function promisesOf(security: string): string[] {
	const [, section = ""] = security.split("\n## What orgpass promises\n");
	const [text = ""] = section.split("\n## ");
	const bullets = text.split(/^- /m).slice(1);
	return bullets.flatMap((bullet) => {
		const [paragraph = ""] = bullet.split("\n\n");
		return paragraph
			.replaceAll("**", "")
			.replace(/\s+/g, " ")
			.trim()
			.split(/(?<=\.) /);
	});
}

/** Reports sentences without a row, and rows that aren't a sentence or not in their place. */
export function comparePromises(sentences: readonly string[], rows: readonly Omit<Row, "tests">[]): Problem[] {
	const names = rows.map(({ name }) => name);
	const missing = sentences
		.filter((sentence) => !names.includes(sentence))
		.map((sentence): Problem => `${PROMISES}:1: no row is about the sentence "${sentence}"`);
	const known = rows.filter(({ name }) => sentences.includes(name));
	const order = sentences.filter((sentence) => names.includes(sentence));
	const other = rows
		.filter((row) => row.name !== order[known.indexOf(row)])
		.map(({ place, name }): Problem => `${place}: SECURITY.md doesn't promise in this place: "${name}"`);
	return [...missing, ...other];
}

/** The rows of a page's tables that have a column of tests. */
function readRows(page: string, testsColumn: number): Row[] {
	return read(page)
		.split("\n")
		.flatMap((line, index): Row[] => {
			const cells = line.split("|").slice(1, -1);
			const [name = "", tests] = [cells[0], cells[testsColumn]];
			if (tests === undefined || /^-| (?:id|promise) $/.test(name)) return [];
			return [{ place: `${page}:${index + 1}`, name: name.trim(), tests }];
		});
}

function checkRow({ place, name, tests }: Row, titles: Map<string, ReadonlySet<string> | undefined>) {
	const problems: Problem[] = [];
	let [path, count] = ["", 0];
	for (const [, file, title] of tests.matchAll(REFERENCE)) {
		if (file !== undefined) {
			path = file;
			if (!titles.has(path)) titles.set(path, titlesOf(path));
			if (titles.get(path) === undefined) problems.push(`${place}: there is no ${path}`);
		} else if (title !== undefined) {
			count += 1;
			const known = titles.get(path);
			if (known && !known.has(title)) problems.push(`${place}: ${path} has no test or suite named "${title}"`);
		}
	}
	if (count === 0) problems.push(`${place}: "${name}" needs a test in its last column`);
	return { count, problems };
}

/** The titles of a file's tests and suites, as written; undefined if there is no such file. */
function titlesOf(path: string): ReadonlySet<string> | undefined {
	if (!existsSync(`${root}/${path}`)) return undefined;
	const text = read(path);
	if (path.endsWith(".sol")) return new Set([...text.matchAll(/^\s*function (\w+)\(/gm)].map(([, name = ""]) => name));
	const titles = new Set<string>();
	walk(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true), (node) => {
		if (!ts.isCallExpression(node) || !RUNNER.test(node.expression.getText())) return;
		const [title] = node.arguments;
		if (title && ts.isStringLiteralLike(title)) titles.add(title.text);
	});
	return titles;
}

function read(path: string): string {
	return readFileSync(`${root}/${path}`, "utf8");
}
