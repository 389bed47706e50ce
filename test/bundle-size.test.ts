import { gzipSync } from "node:zlib";
import { build, type Metafile } from "esbuild";
import { describe, expect, it } from "vitest";
import { ROOT, sources } from "./support/bundle-sources.ts";

/** Bundles code for browsers, minified; counts what is loaded at once, not what `import()` loads later. */
async function bundle(contents: string): Promise<{ kilobytes: number; packages: readonly string[] }> {
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

describe("browser bundle size, minified and gzipped", () => {
	it("decodeToken: at most 2.7 kB, without dependencies", async () => {
		const { kilobytes, packages } = await bundle('export { decodeToken } from "orgpass/jws";');
		expect(packages).toEqual([]);
		expect(kilobytes).toBeLessThanOrEqual(2.7);
	});

	it("orgid verifier with the registry's resolver: at most 90 kB, without ethers", async () => {
		const { kilobytes, packages } = await bundle(`
			export { createVerifier } from "orgpass/auth";
			export { createOrgIdResolver } from "orgpass/resolver";
			export { orgid } from "orgpass/tokens";
		`);
		expect(packages).not.toContain("ethers");
		expect(kilobytes).toBeLessThanOrEqual(90);
	});

	it("orgid minter with an imported key: at most 30 kB, without ethers", async () => {
		const { kilobytes, packages } = await bundle(`
			export { importPrivateKey } from "orgpass/keys";
			export { createOrgIdMinter } from "orgpass/tokens";
		`);
		expect(packages).not.toContain("ethers");
		expect(kilobytes).toBeLessThanOrEqual(30);
	});

	it("orgid minter with a generated key: at most 30 kB, without ethers", async () => {
		const { kilobytes, packages } = await bundle(`
			export { generateKeyPair } from "orgpass/keys";
			export { createOrgIdMinter } from "orgpass/tokens";
		`);
		expect(packages).not.toContain("ethers");
		expect(kilobytes).toBeLessThanOrEqual(30);
	});
});
