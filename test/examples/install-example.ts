/**
 * Examples in folders of their own, installed as their readers install them.
 * @module
 */
import { execFileSync } from "node:child_process";
import {
	cpSync,
	existsSync,
	globSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { packPackage } from "../../scripts/pack-package.ts";
import { root } from "../../scripts/sources.ts";
import { findFreePort } from "../support/free-port.ts";

/** Without what Vitest sets; npm asks the registry only for what it doesn't have. */
export const ENVIRONMENT: NodeJS.ProcessEnv = {
	...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:NODE_ENV|TEST|VITEST.*)$/.test(name))),
	npm_config_audit: "false",
	npm_config_prefer_offline: "true",
};

/** The ports in the READMEs and settings of the examples. */
const PORTS = ["8545", "3000"];

/** What a developer's own run leaves in an example. */
const GENERATED = ["node_modules", "dist", ".next"];

/** What npm and bundlers find in the folders above an example. */
const IN_CLONE = ["package.json", "package-lock.json", "tsconfig.json", "dist"];

/** A folder for examples, with a package and a clone to install it from. */
export interface ExampleSources {
	readonly folder: string;
	readonly tarball: string;
	/** What is in a clone after `npm install`, as far as examples need it. */
	readonly clone: string;
	remove(): void;
}

/**
 * Packs `dist`, as `npm run build` left it. If it is thorough, the clone has modules of its own (hard links): Turbopack
 * doesn't follow a link out of it.
 */
export function createExampleSources(isThorough: boolean): ExampleSources {
	const folder = mkdtempSync(join(tmpdir(), "orgpass-examples-"));
	const packing = join(folder, "packing");
	mkdirSync(packing);
	const run = (command: string, args: readonly string[], cwd: string): string =>
		execFileSync(command, args, { cwd, encoding: "utf8", env: ENVIRONMENT, stdio: ["ignore", "pipe", "ignore"] });
	const { tarball } = packPackage(packing, run, (staged) => {
		cpSync(`${root}/dist`, `${staged}/dist`, { recursive: true });
	});
	const clone = join(folder, "clone");
	mkdirSync(clone);
	for (const path of IN_CLONE) cpSync(`${root}/${path}`, join(clone, path), { recursive: true });
	if (isThorough) run("cp", ["-al", `${root}/node_modules`, clone], folder);
	else symlinkSync(`${root}/node_modules`, join(clone, "node_modules"));
	return { folder, tarball, clone, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Copies an example, with free ports instead of its own. */
export async function copyExample(name: string, target: string): Promise<void> {
	const isGenerated = (path: string): boolean => GENERATED.some((name) => path.split(sep).includes(name));
	cpSync(`${root}/examples/${name}`, target, { recursive: true, filter: (path) => !isGenerated(path) });
	const replacePorts = await choosePorts();
	for (const path of globSync(["README.md", "*.env", ".env"], { cwd: target })) {
		writeFileSync(join(target, path), replacePorts(readFileSync(join(target, path), "utf8")));
	}
}

/** Saves npm most of the work: it adds what another example lacks, and removes what this one doesn't ask for. */
export function startWithModules(folder: string, other: string): void {
	const modules = join(other, "node_modules");
	if (!existsSync(modules)) return;
	execFileSync("cp", ["-al", modules, folder]);
	// npm writes to this file; the others it replaces.
	rmSync(join(folder, "node_modules/.package-lock.json"));
}

/** Replaces the ports in a text with free ones, which are always the same. */
export async function choosePorts(): Promise<(text: string) => string> {
	const ports = await Promise.all(PORTS.map(findFreePort));
	return (text) => PORTS.reduce((result, port, at) => result.replaceAll(port, String(ports[at])), text);
}
