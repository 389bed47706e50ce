/**
 * Enforces the layer table of ARCHITECTURE.md and the rules that neither tsc nor Biome checks: which file may
 * import which, that no files import each other in a circle, where Node's built-ins and the console may be
 * used, names and sizes.
 * @module
 */
import { isBuiltin } from "node:module";
import { posix } from "node:path";
import ts from "typescript";
import { LAYERS } from "./layers.ts";
import { type Problem, problemAt, readManifest, readSources, report, type Source, sourcesOf, walk } from "./sources.ts";

/** What the page is built from besides the package's entry points. */
const PAGE_PACKAGES = /^preact(?:\/|$)/;
const WITHOUT_ETHERS = new Set([
	"src/errors",
	"src/encoding",
	"src/caching",
	"src/options",
	"src/network",
	"src/observe",
	"src/keys",
	"src/jws",
	"src/did",
]);
const WITH_NODE = new Set(["src/cli", "src/testing"]);
const MAX_FILE_LINES = 300;
const MAX_FUNCTION_LINES = 60;
const FILE_NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:(?:\.node|\.contract)?\.ts|\.tsx)$/;
const FOLDER_NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const VAGUE_NAME = /(?:^|[-./])(?:utils?|helpers?|common|misc)(?=[-./]|$)/;
const MODULE_COMMENT = /^(?:#!.*\n)?\/\*\*(?:(?!\*\/)[\s\S])*@module/;
const IGNORE_COMMENT = /(?:v8|c8|istanbul)\s+ignore/;

const manifest = readManifest();
const sources = ["src", "inspector"].flatMap(readSources);
const problems: Problem[] = [
	...sources.flatMap((source) => [...checkFile(source), ...checkTree(source)]),
	...findCircles(),
];
const sizes = sources.map(({ path, text }) => ({ path, lines: lineCount(text) }));
const written = sizes.filter(({ path }) => !path.endsWith(".contract.ts")).sort((a, b) => a.lines - b.lines);
report(
	"layers",
	problems,
	`${sources.length} files, median ${written[written.length >> 1]?.lines} lines, ` +
		`largest ${written.at(-1)?.lines} (${written.at(-1)?.path})`,
);

/**
 * A function's lines without those of the functions declared in it: a factory whose methods share its
 * variables is as long as what stands between them.
 */
function ownLines(node: ts.Node): number {
	let lines = lineCount(node.getText());
	const subtract = (child: ts.Node): void => {
		if (ts.isFunctionDeclaration(child)) lines -= lineCount(child.getText());
		else ts.forEachChild(child, subtract);
	};
	ts.forEachChild(node, subtract);
	return lines;
}

/** The place of the layer table a file belongs to: its folder, or `src` for entry points; the page is one place. */
function placeOf(path: string): string {
	if (path.startsWith("inspector/")) return "inspector";
	return path.split("/").slice(0, -1).slice(0, 2).join("/");
}

function layerOf(place: string): number {
	return LAYERS.findIndex((places) => places.includes(place));
}

function lineCount(text: string): number {
	return text.replace(/\n$/, "").split("\n").length;
}

function checkFile({ path, text }: Source): Problem[] {
	const found: Problem[] = [];
	const [name = "", ...folders] = path.split("/").reverse();
	const lines = lineCount(text);
	if (!FILE_NAME.test(name)) found.push(`${path}:1: file names are kebab-case`);
	for (const folder of folders) {
		if (!FOLDER_NAME.test(folder)) found.push(`${path}:1: folder names are kebab-case: ${folder}`);
	}
	if (VAGUE_NAME.test(path)) found.push(`${path}:1: name the file after what it does`);
	if (layerOf(placeOf(path)) < 0) found.push(`${path}:1: ${placeOf(path)} is not in the layer table`);
	if (name === "index.ts" && path !== "src/index.ts") found.push(`${path}:1: only the package has an index`);
	if (!MODULE_COMMENT.test(text)) found.push(`${path}:1: begin with a doc comment that holds @module`);
	if (lines > MAX_FILE_LINES && !path.endsWith(".contract.ts")) {
		found.push(`${path}:${lines}: ${lines} lines, at most ${MAX_FILE_LINES}`);
	}
	text.split("\n").forEach((line, index) => {
		if (IGNORE_COMMENT.test(line)) found.push(`${path}:${index + 1}: test it instead of ignoring its coverage`);
	});
	return found;
}

function checkTree(source: Source): Problem[] {
	const found: Problem[] = [];
	const complain = (node: ts.Node, message?: string): void => {
		if (message !== undefined) found.push(problemAt(source, node, message));
	};
	walk(source.ast, (node) => {
		const specifier = importedBy(node);
		if (specifier !== undefined) complain(node, checkImport(source.path, specifier, isTypeImport(node)));
		if (ts.isEnumDeclaration(node)) complain(node, "no enums: use a union of literals");
		if (isDefaultExport(node)) complain(node, "named exports only");
		if (ts.isIdentifier(node)) complain(node, checkGlobal(source.path, node));
		if (ts.isFunctionLike(node) && "body" in node && node.body) {
			const lines = ownLines(node);
			if (lines > MAX_FUNCTION_LINES && !source.path.endsWith(".contract.ts")) {
				complain(node, `function of ${lines} lines, at most ${MAX_FUNCTION_LINES}`);
			}
		}
	});
	if (placeOf(source.path) === "src") {
		for (const statement of source.ast.statements) {
			if (!ts.isExportDeclaration(statement) || !statement.moduleSpecifier) {
				complain(statement, "entry points hold nothing but re-exports");
			}
		}
	}
	return found;
}

/**
 * Files that import each other, directly or through others; type imports count. Tarjan's strongly connected
 * components: each one of more than one file is a circle.
 */
function findCircles(): Problem[] {
	const graph = new Map(sources.map((source) => [source.path, targetsOf(source)]));
	const index = new Map<string, number>();
	const low = new Map<string, number>();
	const stack: string[] = [];
	const circles: Problem[] = [];
	const connect = (path: string): void => {
		index.set(path, index.size);
		low.set(path, index.size - 1);
		stack.push(path);
		for (const target of graph.get(path) ?? []) {
			if (!index.has(target)) connect(target);
			else if (!stack.includes(target)) continue;
			low.set(path, Math.min(low.get(path) as number, low.get(target) as number));
		}
		if (low.get(path) !== index.get(path)) return;
		const members = stack.splice(stack.indexOf(path)).sort();
		if (members.length > 1) circles.push(`${path}:1: imports go in a circle: ${members.join(", ")}`);
	};
	for (const path of graph.keys()) if (!index.has(path)) connect(path);
	return circles;
}

/** The files of src that a file imports. */
function targetsOf({ path, ast }: Source): string[] {
	const targets: string[] = [];
	walk(ast, (node) => {
		const specifier = importedBy(node);
		if (specifier?.startsWith("#")) targets.push(...sourcesOf(manifest.imports?.[specifier]));
		else if (specifier?.startsWith(".")) {
			targets.push(posix.join(posix.dirname(path), specifier).replace(/\.js$/, ".ts"));
		}
	});
	return targets;
}

/** The module a node imports: statements, re-exports, `import()`, `import("x").T`, `require`, `getBuiltinModule`. */
function importedBy(node: ts.Node): string | undefined {
	let named: ts.Node | undefined;
	if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) named = node.moduleSpecifier;
	else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) named = node.argument.literal;
	else if (ts.isCallExpression(node) && /(^import|^require|\.getBuiltinModule)$/.test(node.expression.getText())) {
		named = node.arguments[0];
	}
	return named && ts.isStringLiteralLike(named) ? named.text : undefined;
}

/** Type imports don't exist at run time. */
function isTypeImport(node: ts.Node): boolean {
	return ts.isImportDeclaration(node) && node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
}

function checkImport(path: string, specifier: string, isType: boolean): string | undefined {
	const place = placeOf(path);
	if (isBuiltin(specifier)) {
		const allowed = isType || WITH_NODE.has(place) || path.endsWith(".node.ts");
		return allowed ? undefined : `${specifier}: Node's built-ins stand only in cli, testing and *.node.ts`;
	}
	if (place === "inspector") return checkPageImport(path, specifier);
	if (/^ethers(\/|$)/.test(specifier) && WITHOUT_ETHERS.has(place)) return `${place} does without ethers`;
	if (specifier === manifest.name || specifier.startsWith(`${manifest.name}/`)) {
		return `${specifier}: import the file, not the entry point`;
	}
	if (specifier.startsWith("#")) {
		const targets = sourcesOf(manifest.imports?.[specifier]);
		if (targets.length === 0) return `${specifier}: package.json has no such import leading to dist`;
		return targets.map((target) => checkTarget(path, target)).find((message) => message !== undefined);
	}
	if (!specifier.startsWith(".")) return undefined;
	const target = posix.join(posix.dirname(path), specifier).replace(/\.js$/, ".ts");
	if (target.endsWith(".node.ts") && !path.endsWith(".node.ts") && !WITH_NODE.has(place)) {
		return `${specifier}: reach a *.node.ts file through package.json's imports, browsers have none`;
	}
	return checkTarget(path, target);
}

/** The page is made of what any user of the package has. */
function checkPageImport(path: string, specifier: string): string | undefined {
	if (specifier.startsWith(".")) {
		const target = posix.join(posix.dirname(path), specifier);
		return target.startsWith("inspector/") ? undefined : `${specifier}: import the package's entry point`;
	}
	if (PAGE_PACKAGES.test(specifier)) return undefined;
	const isEntryPoint = Object.hasOwn(manifest.exports ?? {}, specifier.replace(manifest.name, "."));
	return isEntryPoint ? undefined : `${specifier}: the page imports only Preact and the package's entry points`;
}

function checkTarget(path: string, target: string): string | undefined {
	const [from, to] = [placeOf(path), placeOf(target)];
	if (!target.startsWith("src/")) return `${target} is outside src`;
	if (from === to) return undefined;
	if (to === "src") return `${target}: import the file, not the entry point`;
	if (layerOf(to) === layerOf(from)) return `${from} can't import ${to}, which is of the same layer`;
	return layerOf(to) > layerOf(from) ? `${from} can't import ${to}, which is of a higher layer` : undefined;
}

/** `console`, `process` and `Buffer` as values; a property or a local of that name is none of them. */
function checkGlobal(path: string, node: ts.Identifier): string | undefined {
	if (!["console", "process", "Buffer"].includes(node.text)) return undefined;
	const { parent } = node;
	if (ts.isPropertyAccessExpression(parent) && parent.name === node) {
		if (parent.expression.getText() !== "globalThis") return undefined;
	} else if (ts.isTypeNode(parent) || ("name" in parent && parent.name === node)) {
		return undefined;
	}
	const place = placeOf(path);
	if (node.text === "console") return place === "src/cli" ? undefined : "only cli touches the console";
	if (!WITH_NODE.has(place) && !path.endsWith(".node.ts")) {
		return `${node.text} is Node's: it stands only in cli, testing and *.node.ts`;
	}
	const member = /^(?:globalThis\.)?process\??\.(\w+)/.exec(accessOf(node).getText())?.[1] ?? "";
	if (/^std(out|err)$/.test(member) && place !== "src/cli") return `only cli touches process.${member}`;
	if (/^(exit|exitCode|abort)$/.test(member) && path !== "src/cli/main.ts") {
		return `process.${member}: only cli/main.ts sets the exit status`;
	}
	return undefined;
}

/** The longest `a.b.c` a node begins. */
function accessOf(node: ts.Node): ts.Node {
	return ts.isPropertyAccessExpression(node.parent) ? accessOf(node.parent) : node;
}

function isDefaultExport(node: ts.Node): boolean {
	if (ts.isExportSpecifier(node)) return node.name.text === "default";
	return (
		ts.isExportAssignment(node) ||
		(ts.canHaveModifiers(node) &&
			ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) === true)
	);
}
