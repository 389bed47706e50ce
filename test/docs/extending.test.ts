/** docs/extending.md is of use only as long as the files it lists are there. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../../scripts/sources.ts";

const PAGE = readFileSync(join(root, "docs/extending.md"), "utf8");
/** Names such as `src/tokens/<kind>/<kind>.ts` stand for files that are new. */
const PATH = /`((?:src|test|inspector|bench|docs)\/[^`<>]+)`/g;

it("the files that docs/extending.md names exist", () => {
	const paths = [...PAGE.matchAll(PATH)].map(([, path]) => path as string);
	expect(paths.length).toBeGreaterThan(40);
	expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
