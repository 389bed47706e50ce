/**
 * The command line as a function: arguments and a world in, an exit code out.
 * @module
 */
import { createRequire } from "node:module";
import { Command, CommanderError } from "commander";
import type { CommandHost } from "./command.js";
import { toJson } from "./command.js";
import { addChainCommand } from "./commands/chain.js";
import { addDemoCommand } from "./commands/demo.js";
import { addDidCommands } from "./commands/did.js";
import { addDoctorCommand } from "./commands/doctor.js";
import { addDocumentCommands } from "./commands/document/document.js";
import { addJwtCommands } from "./commands/jwt/jwt.js";
import { addKeysCommands } from "./commands/keys.js";
import { addOrgCommands } from "./commands/org/org.js";
import { addRegistryCommands } from "./commands/registry.js";
import { addTokenCommands } from "./commands/token/token.js";
import type { CliContext } from "./context.js";
import { EXIT } from "./exit-code.js";

const EXIT_CODES = `
Exit codes: 0 fine, 1 refused (token, DID, document or transaction), 2 wrong usage or key,
3 can't reach the chain or a document, 70 a bug, 130 interrupted.
Settings: flags, then ORGPASS_NETWORK, ORGPASS_RPC_URL, ORGPASS_REGISTRY and ORGPASS_KIND, then orgpass.json
here or above ({"network", "rpcUrl", "registry", "kind", "chainId"}), then a running \`orgpass chain\`.
KEY is a file, - for standard input, env:NAME, or a 0x… literal.`;

/** Runs one command. */
export async function runCli(argv: readonly string[], context: CliContext): Promise<number> {
	let exitCode: number = EXIT.ok;
	const host: CommandHost = {
		context,
		setExitCode: (code) => {
			exitCode = code;
		},
	};
	const isJson = argv.includes("--json");
	const program = createProgram(host, isJson);
	try {
		await program.parseAsync([...argv], { from: "user" });
		return exitCode;
	} catch (error) {
		if (!(error instanceof CommanderError)) throw error;
		if (error.exitCode === 0) return EXIT.ok;
		const message = error.code === "commander.help" ? "expected a command" : withoutSecrets(error.message);
		if (isJson)
			context.stdout(`${toJson({ code: "config/usage", message: message.replace(/^error: /, "") })}\n`);
		return EXIT.usage;
	}
}

function createProgram(host: CommandHost, isJson: boolean): Command {
	const { context } = host;
	const program = new Command("orgpass")
		.description("Organizations sign in to each other's APIs with keys they anchor on Ethereum.")
		.version(readVersion())
		.exitOverride()
		.configureOutput({
			writeOut: context.stdout,
			writeErr: (text) => {
				if (!isJson) context.stderr(text);
			},
			outputError: (text, write) => write(withoutSecrets(text)),
		})
		.showHelpAfterError("(see --help)")
		.addHelpText("after", EXIT_CODES);
	addKeysCommands(program, host);
	addChainCommand(program, host);
	addRegistryCommands(program, host);
	addOrgCommands(program, host);
	addDidCommands(program, host);
	addDocumentCommands(program, host);
	addTokenCommands(program, host);
	addJwtCommands(program, host);
	addDoctorCommand(program, host);
	addDemoCommand(program, host);
	return program;
}

/** A key typed in the wrong place must not come back: only what looks like a word is repeated. */
function withoutSecrets(text: string): string {
	return text.replace(/'([^']*)'/g, (quoted, word: string) =>
		/^(?:-[-a-z, <>]{1,60}|[a-z-]{1,16})$/.test(word) ? quoted : "given",
	);
}

function readVersion(): string {
	return (createRequire(import.meta.url)("orgpass/package.json") as { version: string }).version;
}
