/**
 * Writes the modules with the compiled contracts: src/registry/orgid-registry.contract.ts and
 * src/tokens/orgid-account/signature-check.contract.ts. `--check` writes nothing and fails if one is out of date.
 * @module
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { keccak256 } from "ethers";
import { buildContracts, type ContractBuild } from "./contract-build.ts";
import { root } from "./sources.ts";

/** How each contract's module is written, by the contract's name. */
const MODULES: Readonly<Record<string, readonly [path: string, render: (build: ContractBuild) => string]>> = {
	OrgIdRegistry: ["src/registry/orgid-registry.contract.ts", renderRegistry],
	SignatureCheck: ["src/tokens/orgid-account/signature-check.contract.ts", renderSignatureCheck],
};

const builds = await buildContracts(Object.keys(MODULES));
for (const [index, [name, [module, render]]] of Object.entries(MODULES).entries()) {
	const path = `${root}/${module}`;
	const text = render(builds[index] as ContractBuild);
	const current = existsSync(path) ? readFileSync(path, "utf8") : "";
	if (text === current) {
		console.log(`contract module: ${module} is up to date with contracts/${name}.sol`);
	} else if (process.argv.includes("--check")) {
		console.error(`contract module: ${module} is out of date: run npm run generate`);
		process.exitCode = 1;
	} else {
		writeFileSync(path, text);
		console.log(`contract module: wrote ${module}`);
	}
}

function renderRegistry({ abi, bytecode, deployedBytecode }: ContractBuild): string {
	return `/**
 * Generated from contracts/OrgIdRegistry.sol by scripts/generate-contract-modules.ts; do not edit.
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

function renderSignatureCheck({ bytecode }: ContractBuild): string {
	return `/**
 * Generated from contracts/SignatureCheck.sol by scripts/generate-contract-modules.ts; do not edit.
 * @module
 */

/** Creation bytecode, compiled by solc; the ABI-encoded parameters of the constructor follow it. */
export const signatureCheckBytecode = "${bytecode}";
`;
}
