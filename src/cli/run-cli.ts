/**
 * The command line as a function of its arguments and context; returns the exit code.
 * @module
 */
import { Command, CommanderError } from "commander";
import { ConfigError } from "../errors/errors.js";
import type { CommandHost } from "./command.js";
import { addCommands } from "./commands.js";
import type { CliContext } from "./context.js";
import { EXIT } from "./exit-code.js";
import { describeOption, KEY_AS_FILE_NAME, usageError } from "./options.js";
import { printFailure } from "./outcome.js";
import { createSecretFilter } from "./typed-secrets.js";
import { readVersion } from "./version.js";

const EXIT_CODES = `
Exit codes: 0 success, 1 refused (token, DID, document or transaction), 2 wrong usage or key,
3 can't reach the chain or a document, 70 a bug, 130 interrupted.
Settings: flags, then ORGPASS_NETWORK, ORGPASS_RPC_URL, ORGPASS_REGISTRY and ORGPASS_KIND, then orgpass.json
here or above ({"network", "rpcUrl", "registry", "kind", "chainId"}), then a running \`orgpass chain\`.
KEY is a file, - for standard input, env:NAME, or a 0x… literal.`;

/** Runs one command and returns its exit code. */
export async function runCli(argv: readonly string[], surroundings: CliContext): Promise<number> {
	const hideSecrets = createSecretFilter(argv);
	const context = {
		...surroundings,
		hideSecrets,
		stderr: (text: string) => surroundings.stderr(hideSecrets(text)),
	};
	let exitCode: number = EXIT.ok;
	const setExitCode = (code: number): void => {
		exitCode = code;
	};
	const isJson = argv.includes("--json");
	try {
		const program = await createProgram({ context, setExitCode }, argv);
		await program.parseAsync(helpFirst(argv), { from: "user" });
		return exitCode;
	} catch (error) {
		if (!(error instanceof CommanderError)) return printFailure(context, isJson, error);
		if (error.exitCode === 0) return EXIT.ok;
		const isHelp = error.code === "commander.help";
		return isHelp && !isJson ? EXIT.usage : printFailure(context, isJson, toUsageError(error));
	}
}

/** Commander's `help` takes only one word: `help token mint` becomes `token mint --help`. */
function helpFirst(argv: readonly string[]): string[] {
	const [first, second, ...more] = argv;
	const isPath = first === "help" && second !== undefined && !second.startsWith("-");
	return isPath && more.length > 0 ? [second, ...more, "--help"] : [...argv];
}

async function createProgram(host: CommandHost, argv: readonly string[]): Promise<Command> {
	const { stdout, stderr } = host.context;
	const isJson = argv.includes("--json");
	const program = new Command("orgpass")
		.description("Organizations sign in to each other's APIs with keys they anchor on Ethereum.")
		.version(readVersion())
		.exitOverride()
		.configureHelp({ optionDescription: describeOption })
		.configureOutput({
			writeOut: stdout,
			writeErr: (text) => isJson || stderr(text),
			// Printed by printFailure, with the code.
			outputError: () => undefined,
		})
		.addHelpText("after", EXIT_CODES);
	await addCommands(program, host, argv);
	return program;
}

function toUsageError({ code, message }: CommanderError): ConfigError {
	if (code === "commander.help") return usageError("expected a command");
	// An operand that begins with - is taken for an option.
	if (code === "commander.unknownOption" && message.includes("'-----BEGIN ")) return usageError(KEY_AS_FILE_NAME);
	return new ConfigError(
		code === "commander.invalidArgument" ? "config/invalid-option" : "config/usage",
		withoutSecrets(message)
			.replace(/^error: /, "")
			.replaceAll("\n", " "),
	);
}

/** Repeats only what looks like a word or an option: a key may have been typed by mistake. */
function withoutSecrets(text: string): string {
	return text.replace(/'([^']*)'/g, (quoted, word: string) =>
		/^(?:-[-a-z, ]{1,40}(?:<[a-z=-]{1,20}>)?|[a-z-]{1,16})$/.test(word) ? quoted : "given",
	);
}
