/**
 * Finds tests that can't fail for what they say: those that call no assertion, neither themselves nor in a function of
 * the tests that they call, and assertions that do nothing. A function is found by its name, in the test's file and in
 * the files of `test/` it imports, directly or not.
 * @module
 */
import { posix } from "node:path";
import ts from "typescript";
import { type Problem, problemAt, type Source, walk } from "./sources.ts";

/** Vitest's, Node's and fast-check's. */
const ASSERTION = /^(?:expect|expectTypeOf|assert|assertType)\b|^fc\.assert$/;
const RUNNER = /^(?:it|test)(?:\.(?:concurrent|sequential|only|fails|each|for|skipIf|runIf|extend))*$/;

/** Functions by name: what they are made of. */
type Functions = ReadonlyMap<string, readonly ts.Node[]>;

/** The problems of all test files; `sources` are all files of `test/`. */
export function findMissingAssertions(sources: readonly Source[]): Problem[] {
	const files = new Map(sources.map((source) => [source.path, source]));
	const functions = new Map(sources.map((source) => [source.path, functionsOf(source.ast)]));
	const asserting = findAssertingNames(files, functions);
	return sources.flatMap((source) => {
		const problems: Problem[] = [];
		const names = asserting.get(source.path) ?? new Set();
		walk(source.ast, (node) => {
			const idle = idleAssertion(node);
			if (idle !== undefined) problems.push(problemAt(source, node, idle));
			const body = testBody(node);
			if (body && !asserts(body, names)) {
				problems.push(problemAt(source, node, "the test asserts nothing"));
			}
		});
		return problems;
	});
}

/** For each file, the names of the functions it can reach that assert; grows until nothing is added. */
function findAssertingNames(
	files: ReadonlyMap<string, Source>,
	functions: ReadonlyMap<string, Functions>,
): Map<string, ReadonlySet<string>> {
	const reachable = new Map([...files.keys()].map((path) => [path, reachableFrom(path, files)]));
	const own = new Map([...files.keys()].map((path) => [path, new Set<string>()]));
	const namesFor = (path: string): Set<string> =>
		new Set([...(reachable.get(path) ?? [])].flatMap((other) => [...(own.get(other) ?? [])]));
	for (let hasGrown = true; hasGrown; ) {
		hasGrown = false;
		for (const [path, named] of functions) {
			const known = namesFor(path);
			for (const [name, bodies] of named) {
				if (own.get(path)?.has(name) || !bodies.some((body) => asserts(body, known))) continue;
				own.get(path)?.add(name);
				hasGrown = true;
			}
		}
	}
	return new Map([...files.keys()].map((path) => [path, namesFor(path)]));
}

/** A file and what it imports of the tests. */
function reachableFrom(path: string, files: ReadonlyMap<string, Source>, found = new Set<string>()): Set<string> {
	const source = files.get(path);
	if (!source || found.has(path)) return found;
	found.add(path);
	for (const { fileName } of ts.preProcessFile(source.text).importedFiles) {
		if (!fileName.startsWith(".")) continue;
		const imported = posix.join(posix.dirname(path), fileName).replace(/\.js$/, ".ts");
		reachableFrom(imported, files, found);
	}
	return found;
}

/** Declared functions, methods, and functions that are the value of a variable or a property. */
function functionsOf(ast: ts.SourceFile): Functions {
	const functions = new Map<string, ts.Node[]>();
	const add = (name: ts.Node | undefined, body: ts.Node | undefined): void => {
		if (!name || !body) return;
		const text = name.getText();
		functions.set(text, [...(functions.get(text) ?? []), body]);
	};
	walk(ast, (node) => {
		if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) add(node.name, node.body);
		else if (ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node)) {
			if (node.initializer && isFunction(node.initializer)) add(node.name, node.initializer.body);
		}
	});
	return functions;
}

function isFunction(node: ts.Node): node is ts.ArrowFunction | ts.FunctionExpression {
	return ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}

/** What a test runs: its function, or whatever stands in its place; undefined if the node is no test. */
function testBody(node: ts.Node): ts.Node | undefined {
	if (!ts.isCallExpression(node) || node.arguments.length < 2) return undefined;
	if (!RUNNER.test(runnerOf(node.expression))) return undefined;
	return node.arguments.find(isFunction) ?? node.arguments[1];
}

/** `it.each` for `it.each(rows)` and for `` it.each`table` ``. */
function runnerOf(callee: ts.Expression): string {
	if (ts.isCallExpression(callee)) return runnerOf(callee.expression);
	if (ts.isTaggedTemplateExpression(callee)) return runnerOf(callee.tag);
	if (ts.isPropertyAccessExpression(callee)) return `${runnerOf(callee.expression)}.${callee.name.text}`;
	return ts.isIdentifier(callee) ? callee.text : "";
}

/** Whether an assertion, or a function that asserts, is called somewhere in a piece of code or handed on by it. */
function asserts(code: ts.Node, names: ReadonlySet<string>): boolean {
	let found = false;
	walk(code, (node) => {
		if (found) return;
		if (ts.isCallExpression(node)) {
			const callee = node.expression;
			const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText();
			found =
				ASSERTION.test(callee.getText()) || names.has(name) || node.arguments.some((given) => isNamed(given, names));
		}
	});
	return found || isNamed(code, names);
}

function isNamed(node: ts.Node, names: ReadonlySet<string>): boolean {
	return ts.isIdentifier(node) && names.has(node.text);
}

/** What is wrong with `expect(x);`, and with `.rejects` and `.resolves` that nothing waits for. */
function idleAssertion(node: ts.Node): string | undefined {
	if (!ts.isExpressionStatement(node)) return undefined;
	const links = chainOf(node.expression);
	if (links[0] !== "expect") return undefined;
	if (links.length === 1) return "expect(…) without a matcher asserts nothing";
	return links.some((link) => link === "rejects" || link === "resolves") ? "the assertion isn't awaited" : undefined;
}

/** `["expect", "rejects", "toThrow"]` for `expect(x).rejects.toThrow()`. */
function chainOf(expression: ts.Expression): string[] {
	if (ts.isCallExpression(expression)) return chainOf(expression.expression);
	if (ts.isPropertyAccessExpression(expression)) return [...chainOf(expression.expression), expression.name.text];
	return ts.isIdentifier(expression) ? [expression.text] : [];
}
