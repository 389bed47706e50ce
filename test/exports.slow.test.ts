/**
 * The public surface: what every entry point of package.json exports, values and types, in one snapshot.
 * A name that comes, goes or an entry point that is new fails until the snapshot is updated on purpose:
 * `npx vitest run -u test/exports.slow.test.ts`.
 * @module
 */
import ts from "typescript";
import { expect, it } from "vitest";
import { entryPoints, root } from "../scripts/sources.ts";

const entries = entryPoints();

it("every entry point has its own source file", () => {
	const paths = entries.map(({ path }) => path);
	expect(paths.filter((path) => !ts.sys.fileExists(`${root}/${path}`))).toEqual([]);
	expect(new Set(paths).size).toBe(paths.length);
});

it("exports match the snapshot", async () => {
	const declared = declaredExports();
	const lines: string[] = [];
	for (const { specifier, path } of entries) {
		const values = Object.keys(await import(/* @vite-ignore */ `${root}/${path}`)).sort();
		const types = (declared.get(path) ?? []).filter((name) => !values.includes(name)).sort();
		lines.push(specifier, ...values.map((name) => `  ${name}`), ...types.map((name) => `  type ${name}`));
	}
	await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("__snapshots__/exports.txt");
});

/** Every exported name of each entry point, as TypeScript sees it. */
function declaredExports(): Map<string, string[]> {
	const { config } = ts.readConfigFile(`${root}/tsconfig.json`, ts.sys.readFile);
	const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
	// Names are all that counts: neither the language's own types nor those of packages are read.
	const host = ts.createCompilerHost({ ...options, noLib: true });
	host.resolveModuleNameLiterals = (names, file) =>
		names.map(({ text }) =>
			text.startsWith(".") ? ts.resolveModuleName(text, file, options, host) : { resolvedModule: undefined },
		);
	const rootNames = entries.map(({ path }) => `${root}/${path}`);
	const program = ts.createProgram({ rootNames, options: { ...options, noLib: true, types: [] }, host });
	const checker = program.getTypeChecker();
	return new Map(
		entries.map(({ path }) => {
			const file = program.getSourceFile(`${root}/${path}`);
			const symbol = file && checker.getSymbolAtLocation(file);
			return [path, symbol ? checker.getExportsOfModule(symbol).map(({ name }) => name) : []];
		}),
	);
}
