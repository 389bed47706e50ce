/**
 * Runs the Solidity tests with coverage, with fewer inputs, and fails unless every line of the contracts is covered;
 * `hardhat test solidity --coverage` itself exits with 0 whatever the coverage. Then rebuilds the artifacts, because coverage
 * leaves instrumented bytecode in them, and runs the tests with all inputs.
 * @module
 */
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { root } from "./sources.ts";

const CONTRACTS = ["contracts/OrgIdRegistry.sol", "contracts/SignatureCheck.sol"];
const REPORT = "coverage/lcov.info";

rmSync(`${root}/${REPORT}`, { force: true });
const covered = runHardhat("test", "solidity", "--coverage", "--test-profile", "coverage");
const rebuilt = runHardhat("build", "--force", "--quiet");
const tested = runHardhat("test", "solidity");
if (!covered || !rebuilt || !tested) {
	console.error(`contracts: ${covered && tested ? "the rebuild" : "a test"} failed`);
	process.exitCode = 1;
} else {
	const lcov = readFileSync(`${root}/${REPORT}`, "utf8");
	for (const contract of CONTRACTS) reportCoverage(lcov, contract);
}

function reportCoverage(lcov: string, contract: string): void {
	const record = lcov.split("end_of_record").find((part) => part.includes(`${contract}\n`)) ?? "";
	const found = Number(/^LF:(\d+)$/m.exec(record)?.[1] ?? 0);
	const hit = Number(/^LH:(\d+)$/m.exec(record)?.[1] ?? 0);
	const missed = [...record.matchAll(/^DA:(\d+),0$/gm)].map((match) => match[1]);
	if (found > 0 && hit === found) {
		console.log(`contracts: all ${found} lines of ${contract} are covered`);
		return;
	}
	console.error(`contracts: ${hit} of ${found} lines of ${contract} are covered; not covered: ${missed.join(", ")}`);
	process.exitCode = 1;
}

function runHardhat(...args: string[]): boolean {
	const cli = `${root}/node_modules/hardhat/dist/src/cli.js`;
	return spawnSync(process.execPath, [cli, ...args], { cwd: root, stdio: "inherit" }).status === 0;
}
