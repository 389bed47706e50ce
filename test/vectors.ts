/**
 * Reads test vectors, which are not part of the repository: from the folder that ORGPASS_VECTORS names, by
 * default ../shared/vectors beside the clone (docs/testing.md lists the files). A suite that needs an absent
 * file is skipped with one line on stderr; with ORGPASS_REQUIRE_ALL=1 it fails.
 * @module
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe } from "vitest";

const REPOSITORY = resolve(import.meta.dirname, "..");
const FOLDER = resolve(REPOSITORY, process.env["ORGPASS_VECTORS"] || "../shared/vectors");

/** The path of a vector file, whether or not it exists. */
export function vectorPath(path: string): string {
	return resolve(FOLDER, path);
}

/** Runs a suite with the content of a JSON file of the vectors; skips it, visibly, without the file. */
export function describeWithVectors<T>(title: string, path: string, suite: (vectors: T) => void): void {
	const file = vectorPath(path);
	if (existsSync(file)) describe(title, () => suite(JSON.parse(readFileSync(file, "utf8")) as T));
	else skip(title, path);
}

/** Runs a suite with the files of a folder of the vectors; skips it, visibly, without the folder. */
export function describeWithVectorFiles(
	title: string,
	path: string,
	suite: (files: ReadonlyMap<string, Buffer>) => void,
): void {
	const folder = vectorPath(path);
	if (!existsSync(folder)) {
		skip(title, path);
		return;
	}
	const names = readdirSync(folder).sort();
	describe(title, () => suite(new Map(names.map((name) => [name, readFileSync(`${folder}/${name}`)]))));
}

/** Skips a suite with one visible line. */
export function skip(title: string, missing: string): void {
	if (process.env["ORGPASS_REQUIRE_ALL"] === "1") throw new Error(`${title}: ${missing} is not there`);
	process.stderr.write(`skipped: ${title} (${missing} is not there)\n`);
	describe.skip(title, () => {});
}
