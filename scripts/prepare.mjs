/**
 * Runs after `npm install` or `npm ci` in the repository, not when the published package is installed. On a
 * Node.js older than 22.12, npm skips Hardhat's native packages, which require Node.js 22: this installs once
 * more on Node.js 24. Then it builds.
 * @module
 */
import { spawnSync } from "node:child_process";

const outer = /\bnode\/v(\d+)\.(\d+)/.exec(process.env.npm_config_user_agent ?? "");
const npm = process.env.npm_execpath;
const [major, minor] = outer ? [Number(outer[1]), Number(outer[2])] : [22, 12];

if (npm && (major < 22 || (major === 22 && minor < 12))) {
	console.log(`orgpass: npm ran on Node.js ${major}.${minor}; installing again on Node.js ${process.versions.node}`);
	run([npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save"]);
}
run(["scripts/build.mjs"]);

function run(args) {
	const { status, error } = spawnSync(process.execPath, args, { stdio: "inherit" });
	if (error) throw error;
	if (status !== 0) process.exit(status ?? 1);
}
