/** @module */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { KeyFile } from "./key-folder.js";

const SUFFIX = ".pem";
/** Longer than any key; a longer file is treated as one without a key. */
const MAX_BYTES = 65_536;
const MAX_FILES = 10_000;

/** Reads the `.pem` files of a folder and its subfolders. An unreadable file affects only its own issuer. */
export async function readKeyFolder(path: string): Promise<readonly KeyFile[]> {
	const files: KeyFile[] = [];
	const names = await list(path);
	// Checked first, so that no lookup reads thousands of files unnecessarily.
	if (names.filter((name) => name.endsWith(SUFFIX)).length > MAX_FILES) throw tooMany();
	for (const name of names) {
		const entry = join(path, name);
		const stats = await undefinedOnError(stat(entry));
		if (stats?.isDirectory()) {
			const inner = await undefinedOnError(list(entry));
			if (inner === undefined) add({ issuer: name, text: undefined });
			for (const file of inner ?? []) {
				if (file.endsWith(SUFFIX)) add(await readKeyFile(name, join(entry, file)));
			}
		} else if (name.endsWith(SUFFIX)) {
			add(await readKeyFile(name.slice(0, -SUFFIX.length), entry));
		}
	}
	return files;

	function add(file: KeyFile | undefined): void {
		if (file === undefined) return;
		if (files.length >= MAX_FILES) throw tooMany();
		files.push(file);
	}
}

function tooMany(): RangeError {
	return new RangeError(`more than ${MAX_FILES} keys`);
}

async function list(path: string): Promise<string[]> {
	return (await readdir(path)).filter((name) => !name.startsWith(".")).sort();
}

/** Undefined if it isn't a regular file: opening a pipe would wait forever. */
async function readKeyFile(issuer: string, file: string): Promise<KeyFile | undefined> {
	const stats = await undefinedOnError(stat(file));
	if (stats === undefined || !stats.isFile()) return undefined;
	return { issuer, text: stats.size > MAX_BYTES ? "" : await undefinedOnError(readFile(file, "utf8")) };
}

function undefinedOnError<T>(promise: Promise<T>): Promise<T | undefined> {
	return promise.catch(() => undefined);
}
