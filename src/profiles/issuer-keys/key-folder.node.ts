/**
 * Reads a folder of keys.
 * @module
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { KeyFile } from "./keys-from-folder.js";

const SUFFIX = ".pem";
/** Longer than any key; what is longer is no key file and is cut, so that it fails as one. */
const MAX_BYTES = 65_536;
const MAX_FILES = 10_000;

/**
 * Reads the `.pem` files of a folder and of the folders in it.
 *
 * @param path of the folder
 * @returns the files with their issuers' names, in the order of names
 * @throws what the file system throws, and RangeError for more than 10,000 entries
 */
export async function readKeyFolder(path: string): Promise<readonly KeyFile[]> {
	const files: KeyFile[] = [];
	for (const name of await list(path)) {
		const place = join(path, name);
		const found = await stat(place);
		if (found.isDirectory()) {
			for (const inner of await list(place)) {
				if (inner.endsWith(SUFFIX)) await add(name, join(place, inner));
			}
		} else if (name.endsWith(SUFFIX)) {
			await add(name.slice(0, -SUFFIX.length), place);
		}
	}
	return files;

	async function add(issuer: string, file: string): Promise<void> {
		const { size, isFile } = await describe(file);
		if (!isFile) return;
		if (files.length >= MAX_FILES) throw new RangeError(`more than ${MAX_FILES} keys`);
		files.push({ issuer, text: size > MAX_BYTES ? "" : await readFile(file, "utf8") });
	}
}

async function list(path: string): Promise<string[]> {
	return (await readdir(path)).filter((name) => !name.startsWith(".")).sort();
}

async function describe(file: string): Promise<{ size: number; isFile: boolean }> {
	const found = await stat(file);
	return { size: found.size, isFile: found.isFile() };
}
