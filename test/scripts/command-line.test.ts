import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { root } from "../../scripts/sources.ts";

it.each([
	["scripts/check.ts", ["lnt"], /^no step is named lnt: there are docs, tests, .+\n$/],
	["test/fuzz/main.ts", ["--second", "9"], /^Unknown option '--second'.*\n$/],
	["test/fuzz/main.ts", ["tokens"], /^no target is named tokens: there are authorization, .+\n$/],
	["test/fuzz/main.ts", ["token", "--seconds", "1m"], /^expected a number from 1 on after --seconds, got "1m"\n$/],
	["scripts/mutation/main.ts", ["jwt"], /^expected folders or files of src, got jwt\n$/],
])("%s says in one line what is wrong with %j", (script, args, message) => {
	const { status, stderr } = spawnSync(process.execPath, [script, ...args], { cwd: root, encoding: "utf8" });
	expect(stderr).toMatch(message);
	expect(status).toBe(2);
});
