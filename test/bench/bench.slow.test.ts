/** `npm run bench -- --quick`: every part runs, and the page has all of their tables. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SUBJECTS } from "../../bench/suite/subjects.ts";
import { expectWellFormed } from "../support/well-formed.ts";

let folder: string;
let output: string;
let status: number | null;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "orgpass-bench-"));
	const run = spawnSync(process.execPath, ["bench/main.ts", "--quick", "--out", folder], { encoding: "utf8" });
	output = run.stdout + run.stderr;
	status = run.status;
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("npm run bench -- --quick", () => {
	it("runs every subject", () => {
		for (const name of Object.keys(SUBJECTS)) expect(output).toMatch(new RegExp(`^${name}: done`, "m"));
		expect(status).toBe(0);
	});

	it("writes a page with a table and a chart of each", () => {
		const page = readFileSync(join(folder, "performance.md"), "utf8");
		const charts = [...page.matchAll(/\]\(performance\/(.+?)\)/g)].map(([, name]) => name);
		expect(charts.toSorted()).toEqual(readdirSync(join(folder, "performance")).toSorted());
		expect(page.match(/^## /gm)?.length).toBe(Object.keys(SUBJECTS).length + 1);
		for (const section of page.split(/^### /m).slice(1)) expect(section).toMatch(/^\|---\|/m);
	});

	it("draws charts that are well-formed", () => {
		for (const name of readdirSync(join(folder, "performance"))) {
			expectWellFormed(readFileSync(join(folder, "performance", name), "utf8"));
		}
	});
});
