/**
 * Compiles contracts/ without using `artifacts/`, where `hardhat test solidity --coverage` leaves instrumented
 * bytecode: neither the package nor the gas figures may be based on that.
 * @module
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonFragment } from "ethers";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import config from "../hardhat.config.ts";
import { root } from "./sources.ts";

/** Compiler output for one contract; bytecode as `0x…`. */
export interface ContractBuild {
	readonly abi: readonly JsonFragment[];
	readonly bytecode: string;
	readonly deployedBytecode: string;
}

/** Compiles the registry. */
export async function buildRegistry(): Promise<ContractBuild> {
	const [registry] = await buildContracts(["OrgIdRegistry"]);
	return registry as ContractBuild;
}

/** Compiles the current contracts in a temporary folder; returns those with the given names. */
export async function buildContracts(names: readonly string[]): Promise<readonly ContractBuild[]> {
	const folder = mkdtempSync(join(tmpdir(), "orgpass-build-"));
	try {
		const paths = { ...config.paths, artifacts: join(folder, "artifacts"), cache: join(folder, "cache") };
		const hre = await createHardhatRuntimeEnvironment({ ...config, paths }, {}, root);
		await hre.tasks.getTask("build").run({ noTests: true, quiet: true });
		return await Promise.all(names.map((name) => hre.artifacts.readArtifact(name)));
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
