/**
 * Runs after `npm install` in the repository (never for people who install the published package):
 * builds `dist`, and first heals an install made by a Node older than 22.12, whose npm skips the
 * optional native packages of Hardhat that ask for Node 22. See CONTRIBUTING.md.
 */
import { spawnSync } from "node:child_process";

const outer = /\bnode\/v(\d+)\.(\d+)/.exec(process.env.npm_config_user_agent ?? "");
const npm = process.env.npm_execpath;
const [major, minor] = outer ? [Number(outer[1]), Number(outer[2])] : [22, 12];

if (npm && (major < 22 || (major === 22 && minor < 12))) {
	console.log(
		`orgpass: npm ran on Node ${major}.${minor}; installing once more on Node ${process.versions.node}`,
	);
	run(process.execPath, [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save"]);
}
run(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"]);

function run(command, args) {
	const { status, error } = spawnSync(command, args, { stdio: "inherit" });
	if (error) throw error;
	if (status !== 0) process.exit(status ?? 1);
}
