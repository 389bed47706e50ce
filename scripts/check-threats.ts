/**
 * Checks docs/threats.md against the tests: every row of its tables names a test, and each file under test/
 * that it names has a test or suite with the quoted title. The title of a Solidity test is the function's name.
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import ts from "typescript";
import { type Problem, root, walk } from "./sources.ts";

const PAGE = "docs/threats.md";
const TESTS_COLUMN = 3;
const REFERENCE = /`(test\/[^`]+)`|"([^"]+)"/g;
const RUNNER = /^(?:describe|it|test)/;

/** Checks the page; also returns how many titles it names. */
export function checkThreats(): { count: number; problems: Problem[] } {
	const titles = new Map<string, ReadonlySet<string> | undefined>();
	const problems: Problem[] = [];
	let count = 0;
	readFileSync(`${root}/${PAGE}`, "utf8")
		.split("\n")
		.forEach((row, index) => {
			const complain = (text: string) => problems.push(`${PAGE}:${index + 1}: ${text}`);
			const [id = "", , , tests] = row.split("|").slice(1, -1);
			if (tests === undefined || /^ id |^-/.test(id)) return;
			let [path, named] = ["", 0];
			for (const [, file, title] of tests.matchAll(REFERENCE)) {
				if (file !== undefined) {
					path = file;
					if (!titles.has(path)) titles.set(path, titlesOf(path));
					if (titles.get(path) === undefined) complain(`there is no ${path}`);
				} else if (title !== undefined) {
					named += 1;
					const known = titles.get(path);
					if (known && !known.has(title)) complain(`${path} has no test or suite named "${title}"`);
				}
			}
			count += named;
			if (named === 0) complain(`${id.trim()} needs a test in column ${TESTS_COLUMN + 1}`);
		});
	return { count, problems };
}

/** The titles of a file's tests and suites, as written; undefined if there is no such file. */
function titlesOf(path: string): ReadonlySet<string> | undefined {
	const file = `${root}/${path}`;
	if (!existsSync(file)) return undefined;
	const text = readFileSync(file, "utf8");
	if (path.endsWith(".sol")) return new Set([...text.matchAll(/^\s*function (\w+)\(/gm)].map(([, name = ""]) => name));
	const titles = new Set<string>();
	walk(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true), (node) => {
		if (!ts.isCallExpression(node) || !RUNNER.test(node.expression.getText())) return;
		const [title] = node.arguments;
		if (title && ts.isStringLiteralLike(title)) titles.add(title.text);
	});
	return titles;
}
