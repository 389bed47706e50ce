/**
 * Builds `dist` and links the `orgpass` program into `node_modules/.bin`, which the README adds to the PATH and
 * which also contains Node.js 24.
 * @module
 */
import { spawnSync } from "node:child_process";
import { chmodSync, rmSync, symlinkSync } from "node:fs";

const PROGRAM = "dist/node/cli/main.js";
const LINK = "node_modules/.bin/orgpass";

rmSync("dist", { recursive: true, force: true });
const { status, error } = spawnSync(
	process.execPath,
	["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"],
	{ stdio: "inherit" },
);
if (error) throw error;
if (status !== 0) process.exit(status ?? 1);
await import("./bundle.mjs");
if (process.platform !== "win32") {
	chmodSync(PROGRAM, 0o755);
	rmSync(LINK, { force: true });
	symlinkSync(`../../${PROGRAM}`, LINK);
}
