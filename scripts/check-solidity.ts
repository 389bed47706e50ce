/**
 * Checks the format of the Solidity files with Prettier (.prettierrc.json) and lints them with solhint
 * (.solhint.json, and test/contracts/.solhint.json for the tests). `--write` fixes what the two can fix.
 * @module
 */
import { spawnSync } from "node:child_process";
import { listFiles, root } from "./sources.ts";

const files = ["contracts", "test/contracts"].flatMap((folder) => listFiles(folder, ".sol"));
const write = process.argv.includes("--write");
const fix = write ? ["--fix", "--noPrompt"] : [];

// solhint runs first because its fixes may need formatting.
const linted = run("solhint", "--disc", "--noPoster", "--max-warnings", "0", ...fix, ...files);
const formatted = run("prettier", "--log-level", "warn", write ? "--write" : "--check", ...files);
if (linted && formatted) console.log(`solidity: ${files.length} files`);
else process.exitCode = 1;

function run(command: string, ...args: string[]): boolean {
	const env = { ...process.env, PATH: `${root}/node_modules/.bin:${process.env["PATH"]}` };
	const { status, error } = spawnSync(command, args, { cwd: root, env, stdio: "inherit" });
	if (error) throw error;
	return status === 0;
}
