/**
 * Packs the package in a temporary folder, without touching the repository's package.json.
 * @module
 */
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { readManifest, root } from "./sources.ts";

const ALWAYS_PACKED = ["package.json", "README.md", "LICENSE"];

/** Runs a command in a folder, and returns its standard output. */
export type Run = (command: string, args: readonly string[], cwd: string) => string;

/** Packs what package.json lists into `folder`. `build` writes `dist` to the folder that it is given. */
export function packPackage(
	folder: string,
	run: Run,
	build: (staged: string) => void,
): { tarball: string; files: string[] } {
	const staged = `${folder}/staged`;
	mkdirSync(staged);
	symlinkSync(`${root}/node_modules`, `${folder}/node_modules`);
	const { files } = readManifest();
	const listed = files.filter((path) => !path.startsWith("!") && path !== "dist");
	// The site may be built at the same time.
	const excluded = new Set(files.filter((path) => path.startsWith("!")).map((path) => `${root}/${path.slice(1)}`));
	for (const path of [...ALWAYS_PACKED, ...listed]) {
		const filter = (source: string): boolean => !excluded.has(source);
		cpSync(`${root}/${path}`, `${staged}/${path}`, { recursive: true, filter });
	}
	build(staged);
	run("clean-package", [], staged);
	const output = run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], staged);
	const [packed]: { filename: string; files: { path: string }[] }[] = JSON.parse(output);
	if (!packed) throw new Error("npm pack reported no package");
	return { tarball: join(folder, packed.filename), files: packed.files.map(({ path }) => path).sort() };
}
