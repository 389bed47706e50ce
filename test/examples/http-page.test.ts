/** docs/http.md shows the code of the examples, which their own tests compile and run. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { listFiles, root } from "../../scripts/sources.ts";

const PAGE = readFileSync(`${root}/docs/http.md`, "utf8");

it.each([
	["Next.js", "examples/next-app"],
	["NestJS", "examples/nest-guard"],
])("the blocks about %s are in %s", (section, folder) => {
	const [text = ""] = (PAGE.split(`\n### ${section}\n`)[1] ?? "").split(/^##/m);
	const blocks = [...text.matchAll(/^```ts no-run\n([\s\S]*?)^```$/gm)].map(([, code = ""]) => code);
	const sources = listFiles(folder, ".ts")
		.filter((path) => !path.includes("/node_modules/"))
		.map((path) => readFileSync(`${root}/${path}`, "utf8").replaceAll("\t", "  "));
	expect(blocks.length).toBeGreaterThan(0);
	expect(blocks.filter((block) => !sources.some((source) => source.includes(block)))).toEqual([]);
});
