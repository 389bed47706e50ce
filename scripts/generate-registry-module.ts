/**
 * Writes src/registry/orgid-registry.contract.ts, the registry contract as the package carries it: ABI,
 * creation bytecode and the hash of the runtime code. `--check` writes nothing and fails when it is stale.
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
	console.log(`registry module: ${MODULE} is what contracts/OrgIdRegistry.sol compiles to`);
} else if (process.argv.includes("--check")) {
	console.error(`registry module: ${MODULE} is stale: run node scripts/generate-registry-module.ts`);
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

/** What creates a registry: solc's creation bytecode; the constructor takes nothing. */
export const orgIdRegistryBytecode = "${bytecode}";

/** keccak256 of a registry's code on chain (EIP-1052), the same for every deployment. */
export const orgIdRegistryCodeHash = "${keccak256(deployedBytecode)}";
`;
}
