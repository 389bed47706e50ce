/**
 * Compiles ToyRegistry.sol.
 * @module
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const solc = createRequire(import.meta.url)("solc") as { compile(input: string): string };

/** Creation bytecode of the contract, as hex. */
export function compileToyRegistry(): string {
	const content = readFileSync(new URL("ToyRegistry.sol", import.meta.url), "utf8");
	const output = JSON.parse(
		solc.compile(
			JSON.stringify({
				language: "Solidity",
				sources: { "ToyRegistry.sol": { content } },
				settings: { outputSelection: { "*": { "*": ["evm.bytecode.object"] } } },
			}),
		),
	);
	return output.contracts["ToyRegistry.sol"].ToyRegistry.evm.bytecode.object as string;
}
