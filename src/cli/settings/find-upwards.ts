/**
 * Files that belong to a directory tree, such as a project's settings.
 * @module
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** Finds files of one name in a directory and its ancestors, the nearest first. */
export function findUpwards(from: string, name: string): readonly string[] {
	const path = join(from, name);
	const parent = dirname(from);
	const above = parent === from ? [] : findUpwards(parent, name);
	return existsSync(path) ? [path, ...above] : above;
}
