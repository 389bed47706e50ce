/**
 * Builds `dist`, with the inspector and the man pages, and links the `orgpass` program into `node_modules/.bin`, which the README adds to the PATH and
 * which also contains Node.js 24.
 * @module
 */
import { spawnSync } from "node:child_process";
import { chmodSync, rmSync, symlinkSync } from "node:fs";

const PROGRAM = "dist/node/cli/main.js";
const LINK = "node_modules/.bin/orgpass";

rmSync("dist", { recursive: true, force: true });
run("node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json");
await import("./bundle.mjs");
await import("./build-inspector.mjs");
run("scripts/write-man-pages.ts");
if (process.platform !== "win32") {
	chmodSync(PROGRAM, 0o755);
	rmSync(LINK, { force: true });
	symlinkSync(`../../${PROGRAM}`, LINK);
}

function run(...args) {
	const { status, error } = spawnSync(process.execPath, args, { stdio: "inherit" });
	if (error) throw error;
	if (status !== 0) process.exit(status ?? 1);
}
