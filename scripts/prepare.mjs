/**
 * Runs after `npm install` in the repository (never for people who install the published package): heals an
 * install made by a Node older than 22.12, whose npm skips Hardhat's native packages because they ask for
 * Node 22, and builds.
 * @module
 */
import { spawnSync } from "node:child_process";

const outer = /\bnode\/v(\d+)\.(\d+)/.exec(process.env.npm_config_user_agent ?? "");
const npm = process.env.npm_execpath;
const [major, minor] = outer ? [Number(outer[1]), Number(outer[2])] : [22, 12];

if (npm && (major < 22 || (major === 22 && minor < 12))) {
	console.log(
		`orgpass: npm ran on Node ${major}.${minor}; installing once more on Node ${process.versions.node}`,
	);
	run([npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save"]);
}
run(["scripts/build.mjs"]);

function run(args) {
	const { status, error } = spawnSync(process.execPath, args, { stdio: "inherit" });
	if (error) throw error;
	if (status !== 0) process.exit(status ?? 1);
}
