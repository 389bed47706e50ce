/** docs/extending.md is of use only as long as the files it lists are there. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../../scripts/sources.ts";
import { REGISTRY_KINDS } from "../../src/registry/adapters/adapter.ts";
import { KINDS } from "../support/token-kinds.ts";

const PAGE = readFileSync(join(root, "docs/extending.md"), "utf8");
/** Names such as `src/tokens/<kind>/<kind>.ts` stand for files that are new. */
const PATH = /`((?:src|test|inspector|bench|docs)\/[^`<>]+)`/g;

it("the files that docs/extending.md names exist", () => {
	const paths = [...PAGE.matchAll(PATH)].map(([, path]) => path as string);
	expect(paths.length).toBeGreaterThan(40);
	expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

/** The functions that create the profiles. */
const PROFILES = KINDS.map((kind) => kind.replace(/-./g, (part) => part.slice(1).toUpperCase()));

it.each<[string, string, readonly string[]]>([
	["docs/formats.md", "kind of token", KINDS],
	["docs/cli.md", "kind of token", KINDS],
	["docs/tour.md", "kind of token", PROFILES],
	["docs/documents.md", "generation of the registry", REGISTRY_KINDS],
	["docs/cli.md", "generation of the registry", REGISTRY_KINDS],
	["src/registry/org-record.ts", "generation of the registry", REGISTRY_KINDS],
	["src/auth/policies/organization.ts", "generation of the registry", REGISTRY_KINDS],
])("%s names every %s", (file, _what, names) => {
	const text = readFileSync(join(root, file), "utf8");
	expect(names.filter((name) => !new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(text))).toEqual([]);
});
