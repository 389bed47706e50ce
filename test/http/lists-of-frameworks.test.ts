/** A framework that one of these files leaves out isn't tested, measured or described there. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { entryPoints, root } from "../../scripts/sources.ts";
import { ADAPTERS } from "./adapters/servers.ts";

const PREFIX = "orgpass/http/";
const frameworks = entryPoints()
	.map(({ specifier }) => specifier)
	.filter((specifier) => specifier.startsWith(PREFIX))
	.map((specifier) => specifier.slice(PREFIX.length));

it("every guard that the package exports runs the same routes in test/http/adapters/servers.ts", () => {
	expect(Object.keys(ADAPTERS).toSorted()).toEqual(frameworks.toSorted());
});

it.each([
	["test/options/unknown-options.test.ts", (name: string) => `/http-${name}.ts"`],
	["test/http/types.slow.test.ts", (name: string) => `"orgpass/http/${name}"`],
	["bench/suite/http-servers.ts", (name: string) => `"orgpass/http/${name}"`],
	["docs/http.md", (name: string) => `"orgpass/http/${name}"`],
	["docs/tour.md", (name: string) => `/${name}\``],
] as const)("%s names every guard that the package exports", (file, nameOf) => {
	const text = readFileSync(join(root, file), "utf8");
	expect(frameworks.filter((name) => !text.includes(nameOf(name)))).toEqual([]);
});
