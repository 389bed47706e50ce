import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { root } from "../scripts/sources.ts";

const IMPORT = `
	import { createVerifier, type Verifier } from "orgpass";
	import { bearerAuth } from "orgpass/http/fetch";
	export const guard = (verifier: Verifier) => bearerAuth({ verifier })()(() => new Response());
	export const verifier: Verifier = createVerifier({ profiles: [] });
`;
const REQUIRE = `
	import orgpass = require("orgpass");
	export const verifier: orgpass.Verifier = orgpass.createVerifier({ profiles: [] });
`;
const DYNAMIC = `
	export const verifier = import("orgpass").then(({ createVerifier }) => createVerifier({ profiles: [] }));
`;

/** The table of docs/in-your-project.md; TypeScript 6 takes three times as long. */
it.each([
	["typescript-7", "node16", "file.cts", DYNAMIC, []],
	["typescript-7", "node16", "file.cts", IMPORT, ["TS1479"]],
	["typescript-7", "node16", "file.cts", REQUIRE, ["TS1471"]],
	["typescript-7", "node20", "file.cts", IMPORT, []],
	["typescript", "node20", "file.cts", IMPORT, []],
	["typescript-7", "node20", "file.cts", REQUIRE, []],
	["typescript-7", "commonjs", "file.ts", IMPORT, []],
	["typescript-7", "esnext", "file.ts", IMPORT, []],
] as const)("%s, %s, %s: reports what docs/in-your-project.md says", (compiler, module, file, text, errors) => {
	const folder = mkdtempSync(join(tmpdir(), "orgpass-types-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	mkdirSync(`${folder}/node_modules`);
	symlinkSync(root, `${folder}/node_modules/orgpass`);
	writeFileSync(`${folder}/${file}`, text);
	const moduleResolution = /^(?:node|commonjs)/.test(module) ? {} : { moduleResolution: "bundler" };
	const compilerOptions = {
		module,
		...moduleResolution,
		target: "es2022",
		skipLibCheck: true,
		noEmit: true,
		types: [],
	};
	writeFileSync(`${folder}/tsconfig.json`, JSON.stringify({ compilerOptions, files: [file] }));
	const tsc = `${root}/node_modules/${compiler}/bin/tsc`;
	const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
	expect([...new Set(stdout.match(/TS\d+/g))]).toEqual(errors);
});
