/**
 * Checks that the tag given as argument, the version and CHANGELOG.md fit together: `check-release.ts v1.0.0`.
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";
import { releaseProblems } from "./release-problems.ts";
import { readManifest, root } from "./sources.ts";

const { version } = readManifest();
const lock: { version?: string; packages: Record<string, { version?: string }> } = JSON.parse(
	readFileSync(`${root}/package-lock.json`, "utf8"),
);
const problems = releaseProblems({
	tag: process.argv[2] ?? "",
	version,
	lockedVersions: [lock.version, lock.packages[""]?.version],
	changelog: readFileSync(`${root}/CHANGELOG.md`, "utf8"),
	changesets: readdirSync(`${root}/.changeset`).filter((name) => name.endsWith(".md") && name !== "README.md"),
});
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`release: ${version} is ready`);
