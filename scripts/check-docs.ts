/**
 * Checks the documentation against the code: everything that the package exports has a doc comment; a
 * function or class also has a runnable example, and its parameters and result are described; docs/errors.md lists
 * exactly the codes of src/errors/codes.ts (`--write` regenerates its table); the tests named in docs/threats.md
 * exist, and docs/promises.md has those of each sentence of SECURITY.md; links lead somewhere. Also extracts the examples.
 * @module
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import ts from "typescript";
import { ERROR_CODES } from "../src/errors/codes.ts";
import { checkLinks } from "./check-links.ts";
import { checkThreats } from "./check-threats.ts";
import { extractExamples } from "./extract-examples.ts";
import { listFiles, type Problem, report, root } from "./sources.ts";

const ERRORS_PAGE = "docs/errors.md";
const START = "<!-- codes:start -->";
const END = "<!-- codes:end -->";
const EXAMPLE = /@example[\s\S]*?```ts/;

const files = listFiles("src", ".ts");
const { config } = ts.readConfigFile(`${root}/tsconfig.json`, ts.sys.readFile);
const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
const program = ts.createProgram(
	files.map((path) => `${root}/${path}`),
	options,
);
const checker = program.getTypeChecker();

if (process.argv.includes("--write") && checkErrorsPage().length > 0) writeErrorsPage();
const { count, skipped, problems: exampleProblems } = extractExamples();
const threats = checkThreats();
const checked = new Set<ts.Node>();
const entries = files.filter((path) => /^src\/[^/]+\.ts$/.test(path));
const problems = [
	...entries.flatMap((path) => [...checkExports(path), ...checkPublic(path)]),
	...checkErrorsPage(),
	...exampleProblems,
	...threats.problems,
	...checkLinks(),
];
report(
	"docs",
	problems,
	`${checked.size} public functions and classes, ${count} examples, ${skipped} marked no-run, ${threats.count} tests of threats and promises`,
);

function problem(node: ts.Node, message: string): Problem {
	const file = node.getSourceFile();
	const { line } = file.getLineAndCharacterOfPosition(node.getStart());
	return `${file.fileName.slice(root.length + 1)}:${line + 1}: ${message}`;
}

/** The doc comments of a declaration, without the file's own comment above the first one. */
function docsOf(node: ts.Node): ts.JSDoc[] {
	return ts
		.getJSDocCommentsAndTags(node)
		.filter(ts.isJSDoc)
		.filter((doc) => !doc.tags?.some(({ tagName }) => tagName.text === "module"));
}

function exportsOf(path: string): ts.Symbol[] {
	const file = program.getSourceFile(`${root}/${path}`);
	const module = file && checker.getSymbolAtLocation(file);
	return module ? checker.getExportsOfModule(module) : [];
}

/** Where a symbol is declared, following re-exports; empty if another package declares it. */
function declarationsOf(symbol: ts.Symbol): ts.Declaration[] {
	const original = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
	const own = `${root}/src/`;
	return (original.declarations ?? []).filter((node) => node.getSourceFile().fileName.startsWith(own));
}

/** Everything that an entry point exports, wherever it is declared, says what it is. */
function checkExports(path: string): Problem[] {
	return exportsOf(path).flatMap((symbol) => {
		const nodes = declarationsOf(symbol);
		const [first] = nodes;
		if (!first) return [];
		const summary = nodes
			.flatMap(docsOf)
			.map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? "")
			.join("");
		return summary.trim() ? [] : [problem(first, `${symbol.name} needs a doc comment that says what it is`)];
	});
}

function checkPublic(path: string): Problem[] {
	return exportsOf(path).flatMap((symbol) => {
		const nodes = declarationsOf(symbol);
		const [first] = nodes;
		if (!first || checked.has(first)) return [];
		if (nodes.some(ts.isClassDeclaration)) {
			checked.add(first);
			return checkExample(symbol.name, first, nodes);
		}
		const signatures = ts.isVariableDeclaration(first) || ts.isFunctionDeclaration(first);
		if (!signatures || checker.getTypeAtLocation(first).getCallSignatures().length === 0) return [];
		checked.add(first);
		return [...checkExample(symbol.name, first, nodes), ...checkSignatures(symbol.name, first)];
	});
}

function checkExample(name: string, first: ts.Node, nodes: readonly ts.Node[]): Problem[] {
	const found = nodes.flatMap(docsOf).some((doc) => EXAMPLE.test(doc.getText()));
	return found ? [] : [problem(first, `${name} needs an @example with a \`\`\`ts block`)];
}

function checkSignatures(name: string, node: ts.Declaration): Problem[] {
	const signatures = checker.getTypeAtLocation(node).getCallSignatures();
	const tags = signatures.flatMap((signature) => signature.getJsDocTags());
	const described = tags.filter(({ name }) => name === "param");
	const parameters = new Map(signatures.flatMap((signature) => signature.parameters.map((p) => [p.name, p])));
	const problems: Problem[] = [];
	for (const [parameter, symbol] of parameters) {
		const declaration = symbol.valueDeclaration;
		// A destructured parameter has no name: any @param that doesn't name another parameter describes it.
		const destructured = declaration && ts.isParameter(declaration) && !ts.isIdentifier(declaration.name);
		const texts = described
			.map(({ text }) => ts.displayPartsToString(text))
			.filter((text) => (destructured ? !parameters.has(text.split(" ")[0] ?? "") : text.startsWith(`${parameter} `)));
		const shown = destructured ? "its destructured parameter" : parameter;
		if (texts.length === 0) problems.push(problem(node, `${name}: describe ${shown} with @param`));
	}
	const returns = signatures.some((signature) => {
		const type = checker.typeToString(checker.getReturnTypeOfSignature(signature));
		return !/^(?:void|never|Promise<(?:void|never)>)$/.test(type);
	});
	const said = tags.some((tag) => tag.name === "returns" && ts.displayPartsToString(tag.text).trim());
	if (returns && !said) problems.push(problem(node, `${name}: say with @returns what it returns`));
	return problems;
}

/** A table row without padding; a `|` in the advice is escaped because it would end the cell. */
/** The anchor is where `type` of a problem (RFC 9457) leads. */
function rowOf(code: string, advice: string): string {
	return `| <a id="${code}"></a>\`${code}\` | ${advice.replaceAll("|", "\\|")} |`;
}

function writeErrorsPage(): void {
	const file = `${root}/${ERRORS_PAGE}`;
	const http = existsSync(`${root}/docs/http.md`) ? "\n\nHTTP statuses: docs/http.md" : "";
	const page = existsSync(file)
		? readFileSync(file, "utf8")
		: `# Errors\n\nThe table lists every error code and what to do about it.\n\n${START}\n${END}${http}\n`;
	const rows = Object.entries(ERROR_CODES).map(([code, advice]) => rowOf(code, advice));
	const table = ["| code | what to do |", "|---|---|", ...rows].join("\n");
	const [before, after] = [page.split(START)[0], page.split(END)[1] ?? "\n"];
	writeFileSync(file, `${before}${START}\n${table}\n${END}${after}`);
}

function checkErrorsPage(): Problem[] {
	const file = `${root}/${ERRORS_PAGE}`;
	if (!existsSync(file)) return [`${ERRORS_PAGE}:1: missing, --write creates it`];
	const expected = new Map<string, string>(
		Object.entries(ERROR_CODES).map(([code, advice]) => [code, rowOf(code, advice)]),
	);
	const problems: Problem[] = [];
	const complain = (line: number, text: string) => problems.push(`${ERRORS_PAGE}:${line}: ${text} (--write fixes it)`);
	readFileSync(file, "utf8")
		.split("\n")
		.forEach((padded, index) => {
			const line = padded.replace(/ +/g, " ");
			const code = /^\| (?:<a id="[^"]*"><\/a>)?`([a-z]+\/[a-z-]+)` \|/.exec(line)?.[1];
			if (code === undefined) return;
			const row = expected.get(code);
			if (row === undefined) complain(index + 1, `${code} isn't an error code or is listed twice`);
			else if (row !== line) complain(index + 1, `the advice for ${code} is out of date`);
			expected.delete(code);
		});
	for (const code of expected.keys()) complain(1, `${code} is missing`);
	return problems;
}
