/**
 * The supply chain: the lockfile is committed, no elliptic in what users install, and no machine's or
 * registry's name in the repository. The packed files are checked by scripts/check-package.ts, which packs.
 * @module
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { root } from "../scripts/sources.ts";

interface Locked {
	readonly name?: string;
	readonly resolved?: string;
	readonly dependencies?: Readonly<Record<string, string>>;
	readonly optionalDependencies?: Readonly<Record<string, string>>;
	readonly peerDependencies?: Readonly<Record<string, string>>;
	readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

const MACHINE_PATH = /(?<![\w.~-])\/(?:home|Users|root|work|workspace)\/[\w.-]+/;
const REGISTRY_HOST = /\bregistry\.(?:npmjs|yarnpkg|npmmirror)\.|\/\/(?:[\w-]+\.)*registry\.[\w.-]+/;

const tracked = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" }).split("\0").slice(0, -1);
const lock: { packages: Record<string, Locked> } = JSON.parse(readFileSync(`${root}/package-lock.json`, "utf8"));

it("the lockfile is tracked and contains no resolved URLs", () => {
	expect(tracked).toContain("package-lock.json");
	const resolved = Object.entries(lock.packages).filter(([, { resolved }]) => resolved !== undefined);
	expect(resolved.map(([path]) => path)).toEqual([]);
});

it("the lockfile matches package.json", () => {
	const manifest: Locked = JSON.parse(readFileSync(`${root}/package.json`, "utf8"));
	expect(lock.packages[""]?.dependencies).toEqual(manifest.dependencies);
});

it("production dependencies don't include elliptic", () => {
	const paths = productionTree();
	for (const name of Object.keys(lock.packages[""]?.dependencies ?? {})) {
		expect(paths).toContain(`node_modules/${name}`);
	}
	expect(paths.filter((path) => nameOf(path) === "elliptic")).toEqual([]);
});

it("tracked files contain no registry host or machine path", () => {
	const found = tracked.flatMap((path) =>
		read(path)
			.split("\n")
			.flatMap((line, index) =>
				MACHINE_PATH.test(line) || REGISTRY_HOST.test(line) ? [`${path}:${index + 1}: ${line.slice(0, 200)}`] : [],
			),
	);
	expect(found).toEqual([]);
});

/** A tracked file's text; nothing for one that is deleted in the working copy. */
function read(path: string): string {
	try {
		return readFileSync(`${root}/${path}`, "utf8");
	} catch {
		return "";
	}
}

/** A package's own name: aliases keep it beside the folder's. */
function nameOf(path: string): string {
	return lock.packages[path]?.name ?? path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
}

/** Every package the root's `dependencies` pull in, by its path in the lockfile. */
function productionTree(): string[] {
	const seen = new Set<string>();
	const queue: { from: string; name: string }[] = [];
	const enqueue = (from: string, names: Readonly<Record<string, string>> = {}) => {
		for (const name of Object.keys(names)) queue.push({ from, name });
	};
	enqueue("", lock.packages[""]?.dependencies);
	for (let next = queue.pop(); next; next = queue.pop()) {
		const path = locate(next.from, next.name);
		if (path === undefined || seen.has(path)) continue;
		seen.add(path);
		const entry = lock.packages[path];
		enqueue(path, entry?.dependencies);
		enqueue(path, entry?.optionalDependencies);
		const optional = entry?.peerDependenciesMeta ?? {};
		const peers = Object.entries(entry?.peerDependencies ?? {}).filter(([name]) => !optional[name]?.optional);
		enqueue(path, Object.fromEntries(peers));
	}
	return [...seen];
}

/** Node's lookup: the nearest node_modules that holds the package. */
function locate(from: string, name: string): string | undefined {
	for (let base = from; ; base = base.slice(0, Math.max(0, base.lastIndexOf("/node_modules/")))) {
		const path = `${base === "" ? "" : `${base}/`}node_modules/${name}`;
		if (path in lock.packages) return path;
		if (base === "") return undefined;
	}
}
