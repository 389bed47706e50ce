/**
 * Shared by the checks: the TypeScript files of a folder and their syntax trees, the package's entry points,
 * and one way to report problems (each as `path:line: message`, with exit status 1 if there are any).
 * @module
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, posix } from "node:path";
import ts from "typescript";

/** The repository's folder. */
export const root = dirname(import.meta.dirname);

/** One source file. */
export interface Source {
	/** Relative to the repository, with `/` on every platform. */
	readonly path: string;
	readonly text: string;
	readonly ast: ts.SourceFile;
}

/** A problem to fix, as it is printed. */
export type Problem = `${string}:${number}: ${string}`;

/** Files under `folder` whose name ends in `extension`, sorted, relative to the repository. */
export function listFiles(folder: string, extension: string): string[] {
	if (!existsSync(`${root}/${folder}`)) return [];
	return readdirSync(`${root}/${folder}`, { recursive: true, encoding: "utf8" })
		.map((name) => posix.join(folder, name.replaceAll("\\", "/")))
		.filter((path) => path.endsWith(extension))
		.sort();
}

/** The Markdown files of `docs`, without what TypeDoc generates. */
export function listDocs(): string[] {
	return listFiles("docs", ".md").filter((path) => !/^docs\/(?:reference|\.vitepress)\//.test(path));
}

/** Every `.ts` and `.tsx` file of a folder, parsed. */
export function readSources(folder: string): Source[] {
	return [".ts", ".tsx"]
		.flatMap((extension) => listFiles(folder, extension))
		.map((path) => {
			const text = readFileSync(`${root}/${path}`, "utf8");
			return { path, text, ast: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true) };
		});
}

/** The parts of package.json that the checks read. */
export interface Manifest {
	readonly name: string;
	readonly version: string;
	readonly files: readonly string[];
	readonly man?: readonly string[];
	readonly bin?: Readonly<Record<string, string>>;
	readonly exports?: Readonly<Record<string, unknown>>;
	readonly imports?: Readonly<Record<string, unknown>>;
	readonly dependencies: Readonly<Record<string, string>>;
	readonly publishConfig?: Readonly<Record<string, unknown>>;
}

/** Reads package.json. */
export function readManifest(): Manifest {
	return JSON.parse(readFileSync(`${root}/package.json`, "utf8"));
}

/** The source files that a value of `exports` or `imports` refers to (`src/x.ts` for `dist/x.js` or `dist/node/x.js`). */
export function sourcesOf(target: unknown): string[] {
	if (typeof target === "object" && target !== null) {
		return [...new Set(Object.values(target).flatMap(sourcesOf))];
	}
	const match = typeof target === "string" ? /^\.\/dist\/(?:node\/)?(.+?)(?:\.d)?\.[jt]s$/.exec(target) : null;
	return match ? [`src/${match[1]}.ts`] : [];
}

/** Package entry points: the import specifier (`orgpass/keys`) and its source file. */
export function entryPoints(): { specifier: string; path: string }[] {
	const { name, exports = {} } = readManifest();
	return Object.entries(exports)
		.filter(([key]) => key !== "./package.json")
		.map(([key, target]) => ({ specifier: name + key.slice(1), path: sourcesOf(target)[0] ?? "" }))
		.sort((a, b) => (a.specifier < b.specifier ? -1 : 1));
}

/** A problem at a node of a source file. */
export function problemAt(source: Source, node: ts.Node, message: string): Problem {
	const { line } = source.ast.getLineAndCharacterOfPosition(node.getStart(source.ast));
	return `${source.path}:${line + 1}: ${message}`;
}

/** Calls `visit` for every node of a tree, parents before children. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
	visit(node);
	ts.forEachChild(node, (child) => walk(child, visit));
}

/** Prints the problems and sets the exit status, or prints `summary` if there are none. */
export function report(gate: string, problems: readonly Problem[], summary: string): void {
	for (const problem of problems) console.error(problem);
	if (problems.length > 0) {
		console.error(`${gate}: ${problems.length} ${problems.length === 1 ? "problem" : "problems"}`);
		process.exitCode = 1;
	} else {
		console.log(`${gate}: ${summary}`);
	}
}
