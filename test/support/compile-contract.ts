/**
 * Compiles a Solidity file of the tests.
 * @module
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const solc = createRequire(import.meta.url)("solc") as { compile(input: string): string };

/** Creation bytecode of a contract, as hex. */
export function compileContract(file: URL, name: string): string {
	const content = readFileSync(file, "utf8");
	const output = JSON.parse(
		solc.compile(
			JSON.stringify({
				language: "Solidity",
				sources: { [name]: { content } },
				settings: { outputSelection: { "*": { "*": ["evm.bytecode.object"] } } },
			}),
		),
	);
	const errors = (output.errors ?? []).filter(({ severity }: { severity: string }) => severity === "error");
	if (errors.length > 0) {
		throw new Error(errors.map(({ formattedMessage }: { formattedMessage: string }) => formattedMessage).join("\n"));
	}
	return output.contracts[name][name].evm.bytecode.object as string;
}
