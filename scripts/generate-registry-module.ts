/**
 * Writes src/registry/orgid-registry.contract.ts, which contains the registry contract's ABI, creation bytecode
 * and runtime code hash. `--check` writes nothing and fails if the file is out of date.
 * @module
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { keccak256 } from "ethers";
import { buildRegistry, type RegistryBuild } from "./contract-build.ts";
import { root } from "./sources.ts";

const MODULE = "src/registry/orgid-registry.contract.ts";

const path = `${root}/${MODULE}`;
const text = renderModule(await buildRegistry());
const current = existsSync(path) ? readFileSync(path, "utf8") : "";

if (text === current) {
	console.log(`registry module: ${MODULE} is up to date with contracts/OrgIdRegistry.sol`);
} else if (process.argv.includes("--check")) {
	console.error(`registry module: ${MODULE} is out of date: run npm run generate`);
	process.exitCode = 1;
} else {
	writeFileSync(path, text);
	console.log(`registry module: wrote ${MODULE}`);
}

function renderModule({ abi, bytecode, deployedBytecode }: RegistryBuild): string {
	return `/**
 * Generated from contracts/OrgIdRegistry.sol by scripts/generate-registry-module.ts; do not edit.
 * @module
 */

/** The registry's ABI. */
export const orgIdRegistryAbi = [
${abi.map((fragment) => `\t${JSON.stringify(fragment)},`).join("\n")}
] as const;

/** Creation bytecode of the registry, compiled by solc; the constructor has no parameters. */
export const orgIdRegistryBytecode = "${bytecode}";

/** keccak256 of the registry's code on chain (EIP-1052), the same for every deployment. */
export const orgIdRegistryCodeHash = "${keccak256(deployedBytecode)}";
`;
}
