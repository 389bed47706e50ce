/**
 * The public surface: what every entry point of package.json exports, values and types, in one snapshot.
 * A name that comes, goes or an entry point that is new fails until the snapshot is updated on purpose:
 * `npx vitest run --project=slow test/exports.slow.test.ts --update`.
 * @module
 */
import ts from "typescript";
import { expect, it } from "vitest";
import { entryPoints, root } from "../scripts/sources.ts";
import { declaredNames } from "./support/declared-names.ts";

const entries = entryPoints();

it("every entry point has its own source file", () => {
	const paths = entries.map(({ path }) => path);
	expect(paths.filter((path) => !ts.sys.fileExists(`${root}/${path}`))).toEqual([]);
	expect(new Set(paths).size).toBe(paths.length);
});

it("exports match the snapshot", async () => {
	const { exports } = declaredNames();
	const lines: string[] = [];
	for (const { specifier, path } of entries) {
		const values = Object.keys(await import(/* @vite-ignore */ `${root}/${path}`)).sort();
		const types = (exports.get(specifier) ?? []).filter((name) => !values.includes(name)).sort();
		lines.push(specifier, ...values.map((name) => `  ${name}`), ...types.map((name) => `  type ${name}`));
	}
	await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("__snapshots__/exports.txt");
});
