/**
 * A copy of the package in a folder of its own, as installed with the optional packages or without.
 * @module
 */
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { ROOT } from "./bundle-sources.ts";

export interface InstalledCopy {
	readonly folder: string;
	remove(): void;
}

interface Locked {
	readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly devOptional?: boolean }>>;
}

/** Compiles the sources into a folder, beside which are the production dependencies and the named packages. */
export async function installCopy(optional: readonly string[], scripts: readonly string[]): Promise<InstalledCopy> {
	const folder = mkdtempSync(join(tmpdir(), "orgpass-copy-"));
	const entryPoints = globSync("src/**/*.ts", { cwd: ROOT });
	await build({ entryPoints, absWorkingDir: ROOT, outdir: join(folder, "dist"), format: "esm", target: "es2023" });
	for (const path of ["package.json", ...scripts]) cpSync(join(ROOT, path), join(folder, path));
	const { packages }: Locked = JSON.parse(readFileSync(`${ROOT}package-lock.json`, "utf8"));
	const production = Object.entries(packages).filter(([path, { dev, devOptional }]) => path && !dev && !devOptional);
	const topLevel = production.map(([path]) => path).filter((path) => path.lastIndexOf("node_modules/") === 0);
	for (const path of [...topLevel, ...optional.map((name) => `node_modules/${name}`)]) {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		symlinkSync(join(ROOT, path), join(folder, path));
	}
	return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
