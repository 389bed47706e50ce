/**
 * Files that belong to a directory tree, such as a project's settings.
 * @module
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** Looks for a file in a directory and the ones above it. */
export function findUpwards(from: string, name: string): readonly string[] {
	const path = join(from, name);
	const parent = dirname(from);
	const above = parent === from ? [] : findUpwards(parent, name);
	return existsSync(path) ? [path, ...above] : above;
}
