/**
 * Turns every ```ts block of README.md, docs/*.md and the doc comments in src into a vitest test under
 * test/generated (ignored by Git), so that examples can't go out of date. Run it before vitest and tsc.
 *
 * - `expression; // => value` asserts deep equality, and `expression; // => throws token/expired` asserts the
 *   code of an OrgpassError. Both also work after `const name = expression;`.
 * - Each block becomes one test. Its imports move to the top of the file; the rest may use `await`.
 * - A block that begins with "```ts setup" comes before each later block of its page.
 * - A block that begins with "```ts no-run" is skipped, and one with "```ts needs redis-server" wherever that program
 *   is missing.
 * @module
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, posix } from "node:path";
import ts from "typescript";
import { listDocs, listFiles, type Problem, report, root } from "./sources.ts";

const OUTPUT = "test/generated";
const DOC_COMMENT = /\/\*\*[\s\S]*?\*\//g;
const FENCE = /^[ \t]*```ts([^\n]*)\n([\s\S]*?)^[ \t]*```[ \t]*$/gm;
const NEEDS = /^ needs ([\w-]+)\s*$/;
const TOOLS = "test/support/tools.ts";
const ARROW = /^[ \t]*\/\/ => (.+)/;

interface Example {
	/** `path:line` of the first line. */
	readonly place: `${string}:${number}`;
	readonly code: string;
	/** The program that it needs. */
	readonly tool: string | undefined;
}

interface Test {
	readonly title: string;
	readonly body: string;
	readonly imports: readonly Binding[];
	readonly tool: string | undefined;
}

/** One imported name as its own statement, so that duplicates from several examples can be merged. */
interface Binding {
	readonly local: string;
	readonly statement: string;
}

/** Writes the tests; returns the number of examples and the problems with them. */
export function extractExamples(): { count: number; skipped: number; problems: Problem[] } {
	const problems: Problem[] = [];
	const wanted = new Map<string, string>();
	let [count, skipped] = [0, 0];
	for (const path of ["README.md", ...listDocs(), ...listFiles("src", ".ts")]) {
		if (!existsSync(`${root}/${path}`)) continue;
		const found = findExamples(path);
		count += found.examples.length;
		skipped += found.skipped;
		const tests = found.examples.map((example) => toTest(example, problems));
		for (const [at, group] of groupByImports(tests).entries()) {
			const file = `${OUTPUT}/${path}${at === 0 ? "" : `.${at + 1}`}.test.ts`;
			wanted.set(file, toFile(file, path, group));
		}
	}
	for (const path of listFiles(OUTPUT, ".ts")) {
		if (!wanted.has(path)) rmSync(`${root}/${path}`);
	}
	for (const [path, text] of wanted) {
		const file = `${root}/${path}`;
		if (existsSync(file) && readFileSync(file, "utf8") === text) continue;
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, text);
	}
	return { count, skipped, problems };
}

/** The blocks of a Markdown file, or of the doc comments of a source file. */
function findExamples(path: string): { examples: Example[]; skipped: number } {
	const text = readFileSync(`${root}/${path}`, "utf8").replaceAll("\r\n", "\n");
	const parts = path.endsWith(".md")
		? [{ index: 0, body: text }]
		: [...text.matchAll(DOC_COMMENT)].map(({ index, 0: comment }) => ({
				index,
				body: comment.replace(/^[ \t]*\* ?/gm, ""),
			}));
	const examples: Example[] = [];
	let skipped = 0;
	let setup = "";
	for (const { index, body } of parts) {
		for (const { index: within, 1: info = "", 2: code = "" } of body.matchAll(FENCE)) {
			const line = linesIn(text.slice(0, index)) + linesIn(body.slice(0, within)) + 2;
			if (/^ no-run\b/.test(info)) skipped += 1;
			else if (info.trim() === "setup") setup += code;
			else if (info.trim() === "" || NEEDS.test(info)) {
				examples.push({ place: `${path}:${line}`, code: setup + code, tool: NEEDS.exec(info)?.[1] });
			}
		}
	}
	return { examples, skipped };
}

function linesIn(text: string): number {
	return text.split("\n").length - 1;
}

function toTest({ place, code, tool }: Example, problems: Problem[]): Test {
	// The empty export makes this a module, so that top-level await parses.
	const tree = ts.createSourceFile("example.ts", `${code}\nexport {};`, ts.ScriptTarget.Latest, true);
	const edits: { from: number; to: number; text: string }[] = [];
	const imports: Binding[] = [];
	const names: string[] = [];
	let runnable = false;
	for (const statement of tree.statements.slice(0, -1)) {
		if (ts.isImportDeclaration(statement)) {
			imports.push(...bindingsOf(statement));
			edits.push({ from: statement.getStart(), to: statement.end, text: "" });
		} else if (!ts.isInterfaceDeclaration(statement) && !ts.isTypeAliasDeclaration(statement)) {
			runnable = true;
			names.push(...declaredNames(statement));
			collectAssertions(statement, code, edits);
		}
	}
	const arrows = code.match(/\/\/ =>/g)?.length ?? 0;
	const asserted = edits.filter(({ text }) => text !== "").length;
	if (!runnable) problems.push(`${place}: the example contains nothing to run`);
	if (arrows !== asserted) {
		problems.push(`${place}: ${arrows - asserted} of ${arrows} "// =>" don't follow a statement outside a function`);
	}
	let body = code;
	for (const { from, to, text } of edits.sort((a, b) => b.from - a.from)) {
		body = body.slice(0, from) + text + body.slice(to);
	}
	// An example may declare names that it doesn't use, but noUnusedLocals forbids that.
	if (names.length > 0) body = `${body.trimEnd()}\nvoid [${names.join(", ")}];`;
	return { title: place, body: body.trim(), imports, tool };
}

/** Finds `statement; // => value` outside functions: inside one, an assertion might never run. */
function collectAssertions(node: ts.Node, code: string, edits: { from: number; to: number; text: string }[]): void {
	if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
	const value = ARROW.exec(code.slice(node.end, code.indexOf("\n", node.end)))?.[1];
	if (value !== undefined && (ts.isExpressionStatement(node) || ts.isVariableStatement(node))) {
		const [from, to] = [node.getStart(), code.indexOf("\n", node.end)];
		const declared = ts.isVariableStatement(node) ? declaredNames(node).join(", ") : undefined;
		const actual = ts.isExpressionStatement(node) ? node.expression.getText() : declared;
		const refusal = /^throws ([\w/-]+)$/.exec(value)?.[1];
		let text = `__expect(await (${actual})).toEqual(${value});`;
		if (refusal) text = `await __expect((async () => ${actual})()).rejects.toMatchObject({ code: "${refusal}" });`;
		edits.push({ from, to, text: ts.isExpressionStatement(node) ? text : `${node.getText()} ${text}` });
		return;
	}
	ts.forEachChild(node, (child) => collectAssertions(child, code, edits));
}

function declaredNames(node: ts.Node): string[] {
	if (ts.isVariableStatement(node)) return node.declarationList.declarations.flatMap(declaredNames);
	if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) return node.name ? [node.name.text] : [];
	if (!ts.isVariableDeclaration(node) && !ts.isBindingElement(node)) return [];
	if (ts.isIdentifier(node.name)) return [node.name.text];
	return node.name.elements.flatMap(declaredNames);
}

function bindingsOf({ importClause, moduleSpecifier }: ts.ImportDeclaration): Binding[] {
	const from = moduleSpecifier.getText();
	if (!importClause) return [{ local: from, statement: `import ${from};` }];
	const keyword = importClause.phaseModifier === ts.SyntaxKind.TypeKeyword ? "import type" : "import";
	const bindings: Binding[] = [];
	const add = (local: ts.Identifier, what: string, type = keyword) => {
		bindings.push({ local: local.text, statement: `${type} ${what} from ${from};` });
	};
	if (importClause.name) add(importClause.name, importClause.name.text);
	const named = importClause.namedBindings;
	if (named && ts.isNamespaceImport(named)) add(named.name, named.getText());
	if (named && ts.isNamedImports(named)) {
		for (const element of named.elements) {
			const what = element.getText().replace(/^type /, "");
			add(element.name, `{ ${what} }`, element.isTypeOnly ? "import type" : keyword);
		}
	}
	return bindings;
}

interface Group {
	readonly tests: Test[];
	/** The statement that imports each local name. */
	readonly imports: Map<string, string>;
}

/** Puts examples that import different things under the same name in different files. */
function groupByImports(tests: readonly Test[]): readonly Group[] {
	const groups: Group[] = [];
	for (const test of tests) {
		const fitting = groups.find(({ imports }) => test.imports.every((binding) => isCompatible(imports, binding)));
		const group = fitting ?? { tests: [], imports: new Map<string, string>() };
		if (fitting === undefined) groups.push(group);
		group.tests.push(test);
		for (const { local, statement } of test.imports) {
			const other = group.imports.get(local) ?? statement;
			group.imports.set(local, other.startsWith("import type") ? statement : other);
		}
	}
	return groups;
}

function isCompatible(imports: ReadonlyMap<string, string>, { local, statement }: Binding): boolean {
	const other = imports.get(local) ?? statement;
	return other.replace("import type", "import") === statement.replace("import type", "import");
}

function toFile(file: string, path: string, { tests, imports }: Group): string {
	const needsTool = tests.some(({ tool }) => tool !== undefined);
	const tools = posix.relative(dirname(file), TOOLS);
	return [
		`// Extracted from ${path} by scripts/extract-examples.ts: edit it there.`,
		`import { expect as __expect, it as __it } from "vitest";`,
		...(needsTool ? [`import { describeWithTool as __describeWithTool } from "${tools}";`] : []),
		...imports.values(),
		...tests.map(toTestCall),
		"void __expect;\n",
	].join("\n");
}

function toTestCall({ title, body, tool }: Test): string {
	const call = `__it("${title}", async () => {\n${body}\n});`;
	if (tool === undefined) return `\n${call}`;
	return `\n__describeWithTool("${title}", "${tool}", ["--version"], () => {\n${call}\n});`;
}

if (import.meta.main) {
	const { count, skipped, problems } = extractExamples();
	report("examples", problems, `${count} written to ${OUTPUT}, ${skipped} marked no-run`);
}
