import { expect, it } from "vitest";
import { type Release, releaseProblems } from "../../scripts/release-problems.ts";

const ready: Release = {
	tag: "v1.0.0-rc.1",
	version: "1.0.0-rc.1",
	lockedVersions: ["1.0.0-rc.1", "1.0.0-rc.1"],
	changelog: "# orgpass\n\n## Unreleased\n\n## 1.0.0-rc.1 (2026-12-01)\n\n- New.\n\n## 0.9.0 (2026-11-30)\n\n- Old.\n",
	changesets: [],
};

it("finds nothing to do if tag, versions and changelog fit together", () => {
	expect(releaseProblems(ready)).toEqual([]);
});

it.each<[string, Partial<Release>, string]>([
	["the tag of another version", { tag: "v1.0.0" }, "package.json: expected the version of the tag v1.0.0"],
	["a tag without v", { tag: "1.0.0-rc.1" }, "package.json: expected the version of the tag 1.0.0-rc.1"],
	["another version in the lock file", { lockedVersions: ["1.0.0-rc.1", "0.9.0"] }, "package-lock.json: expected"],
	["no version in the lock file", { lockedVersions: [undefined, "1.0.0-rc.1"] }, "package-lock.json: expected"],
	["no section in the changelog", { changelog: "# orgpass\n\n## 1.0.0 (2026-12-01)\n" }, 'the heading "## 1.0.0-rc.1'],
	["a section without a date", { changelog: "# orgpass\n\n## 1.0.0-rc.1\n\n- New.\n" }, 'the heading "## 1.0.0-rc.1'],
	[
		"something left under Unreleased",
		{ changelog: ready.changelog.replace("Unreleased\n", "Unreleased\n\n- Forgotten.\n") },
		"CHANGELOG.md: move what is listed under Unreleased",
	],
	["a changeset that is left", { changesets: ["brave-keys.md"] }, ".changeset/brave-keys.md: run changeset version"],
])("reports %s", (_what, changed, problem) => {
	expect(releaseProblems({ ...ready, ...changed })).toEqual([expect.stringContaining(problem)]);
});
