/**
 * Reads a folder of keys.
 * @module
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { KeyFile } from "./key-file.js";

const SUFFIX = ".pem";
/** Longer than any key: what is longer is taken for a file without one. */
const MAX_BYTES = 65_536;
const MAX_FILES = 10_000;

/**
 * Reads the `.pem` files of a folder and of the folders in it. What can't be read costs only its own issuer: it
 * counts as a file without text. A name that leads nowhere (a dangling link, a file removed meanwhile) is none.
 */
export async function readKeyFolder(path: string): Promise<readonly KeyFile[]> {
	const files: KeyFile[] = [];
	const names = await list(path);
	// Told before thousands of files have been read, at every look-up again.
	if (names.filter((name) => name.endsWith(SUFFIX)).length > MAX_FILES) throw tooMany();
	for (const name of names) {
		const place = join(path, name);
		const found = await orNothing(stat(place));
		if (found?.isDirectory()) {
			const inside = await list(place).catch(() => undefined);
			if (inside === undefined) add({ issuer: name, text: undefined });
			for (const inner of inside ?? []) {
				if (inner.endsWith(SUFFIX)) add(await readKeyFile(name, join(place, inner)));
			}
		} else if (name.endsWith(SUFFIX)) {
			add(await readKeyFile(name.slice(0, -SUFFIX.length), place));
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

/** Nothing for what is no regular file: opening a pipe would wait for ever. */
async function readKeyFile(issuer: string, file: string): Promise<KeyFile | undefined> {
	const found = await orNothing(stat(file));
	if (found === undefined || !found.isFile()) return undefined;
	return { issuer, text: found.size > MAX_BYTES ? "" : await orNothing(readFile(file, "utf8")) };
}

async function orNothing<T>(looking: Promise<T>): Promise<T | undefined> {
	return looking.catch(() => undefined);
}
