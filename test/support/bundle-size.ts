/**
 * The size of code that uses the package in browsers.
 * @module
 */
import { gzipSync } from "node:zlib";
import { build, type Metafile } from "esbuild";
import { ROOT, sources } from "./bundle-sources.ts";

/** Bundles code for browsers, minified; counts what is loaded at once, not what `import()` loads later. */
export async function bundle(contents: string): Promise<{ kilobytes: number; packages: readonly string[] }> {
	const { outputFiles, metafile } = await build({
		stdin: { contents, resolveDir: ROOT, loader: "ts" },
		bundle: true,
		minify: true,
		splitting: true,
		format: "esm",
		platform: "browser",
		target: "es2022",
		outdir: `${ROOT}bundle`,
		absWorkingDir: ROOT,
		metafile: true,
		write: false,
		plugins: [sources],
	});
	const loaded = reach(metafile, ["import-statement"]);
	const files = outputFiles.filter(({ path }) => loaded.has(path.slice(ROOT.length)));
	const bytes = files.reduce((sum, file) => sum + gzipSync(file.contents).length, 0);
	// esbuild also writes what only unused code would load.
	const outputs = [...reach(metafile, ["import-statement", "dynamic-import"])].map((name) => metafile.outputs[name]);
	const inputs = outputs.flatMap((output) => Object.entries(output?.inputs ?? {}));
	const used = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0);
	return { kilobytes: bytes / 1_000, packages: packagesIn(used.map(([path]) => path)) };
}

/** The files that the first one imports in one of these ways, directly or indirectly, and itself. */
function reach({ outputs }: Metafile, kinds: readonly string[]): ReadonlySet<string> {
	const reached = new Set(["bundle/stdin.js"]);
	for (const name of reached) {
		for (const { path, kind } of outputs[name]?.imports ?? []) if (kinds.includes(kind)) reached.add(path);
	}
	return reached;
}

function packagesIn(paths: readonly string[]): readonly string[] {
	const names = paths.map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]);
	return [...new Set(names.filter((name) => name !== undefined))].sort();
}
