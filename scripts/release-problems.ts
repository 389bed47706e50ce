/**
 * What is still missing before a version can be released under a tag.
 * @module
 */

/** What the release workflow releases. */
export interface Release {
	/** The tag that was pushed, such as `v1.0.0-rc.1`. */
	readonly tag: string;
	/** The version in package.json. */
	readonly version: string;
	/** The versions of the package in package-lock.json. */
	readonly lockedVersions: readonly (string | undefined)[];
	readonly changelog: string;
	/** The changesets that aren't in a version yet. */
	readonly changesets: readonly string[];
}

/** Returns a sentence for each problem. */
export function releaseProblems({ tag, version, lockedVersions, changelog, changesets }: Release): string[] {
	const problems: string[] = [];
	if (tag !== `v${version}`) problems.push(`package.json: expected the version of the tag ${tag}, got ${version}`);
	if (lockedVersions.some((locked) => locked !== version)) {
		problems.push(`package-lock.json: expected the version ${version}, got ${lockedVersions.join(" and ")}`);
	}
	const sections = changelog.split(/^## /m);
	const section = sections.find((text) => text.startsWith(`${version} (`));
	if (!/^\S+ \(\d{4}-\d\d-\d\d\)\n/.test(section ?? "")) {
		problems.push(`CHANGELOG.md: expected the heading "## ${version} (<date>)"`);
	}
	if (sections.some((text) => text.startsWith("Unreleased\n") && text.trim() !== "Unreleased")) {
		problems.push("CHANGELOG.md: move what is listed under Unreleased into the version's section");
	}
	for (const name of changesets) problems.push(`.changeset/${name}: run changeset version`);
	return problems;
}
