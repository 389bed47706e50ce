/**
 * Files that belong to a directory tree, such as a project's settings.
 * @module
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Looks for a file in a directory and the ones above it.
 *
 * @param from the directory to begin with
 * @param name the file, with its path below the directory
 * @returns its path
 */
export function findUpwards(from: string, name: string): string | undefined {
	const path = join(from, name);
	if (existsSync(path)) return path;
	const parent = dirname(from);
	return parent === from ? undefined : findUpwards(parent, name);
}
