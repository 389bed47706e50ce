/**
 * A copy of the package in a folder of its own, as installed with the optional packages or without.
 * @module
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ROOT } from "./bundle-sources.ts";

export interface InstalledCopy {
	readonly folder: string;
	remove(): void;
}

interface Locked {
	readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly devOptional?: boolean }>>;
}

/** Bundles the sources into a folder, as for Node, beside which are the production dependencies and the named packages. */
export function installCopy(optional: readonly string[], scripts: readonly string[]): InstalledCopy {
	const folder = mkdtempSync(join(tmpdir(), "orgpass-copy-"));
	for (const path of ["package.json", "src", ...scripts]) {
		cpSync(join(ROOT, path), join(folder, path), { recursive: true });
	}
	execFileSync(process.execPath, [join(ROOT, "scripts/bundle.mjs")], { cwd: folder });
	const { packages }: Locked = JSON.parse(readFileSync(`${ROOT}package-lock.json`, "utf8"));
	const production = Object.entries(packages).filter(([path, { dev, devOptional }]) => path && !dev && !devOptional);
	const topLevel = production.map(([path]) => path).filter((path) => path.lastIndexOf("node_modules/") === 0);
	for (const path of [...topLevel, ...optional.map((name) => `node_modules/${name}`)]) {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		symlinkSync(join(ROOT, path), join(folder, path));
	}
	return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
