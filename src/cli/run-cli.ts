/**
 * The command line as a function of its arguments and context; returns the exit code.
 * @module
 */
import { Command, CommanderError } from "commander";
import { createPaint, leavePlain } from "./colors.js";
import type { CommandHost } from "./command.js";
import { addCommands } from "./commands.js";
import type { CliContext } from "./context.js";
import { EXIT } from "./exit-code.js";
import { formatFirstSteps } from "./first-steps.js";
import { HELP_NOTES } from "./help-notes.js";
import { describeOption } from "./options.js";
import { printFailure } from "./outcome.js";
import { createSecretFilter } from "./typed-secrets.js";
import { toUsageError } from "./usage-error.js";
import { readVersion } from "./version.js";

const NOTES = `
Exit codes: ${HELP_NOTES["Exit codes"]}
Settings: ${HELP_NOTES.Settings}
${HELP_NOTES.Keys}`;

/** Beginnings of messages, and what they mean. */
const PREFIX = /^(?:orgpass|warning):/;

/** Runs one command and returns its exit code. */
export async function runCli(argv: readonly string[], surroundings: CliContext): Promise<number> {
	const isJson = argv.includes("--json");
	const context = createContext(argv, surroundings, isJson);
	let exitCode: number = EXIT.ok;
	const setExitCode = (code: number): void => {
		exitCode = code;
	};
	const host: CommandHost = { context, setExitCode, loadProgram: () => createProgram(host) };
	if (argv.length === 0) {
		context.stderr(formatFirstSteps(context.paintError ?? leavePlain));
		return EXIT.usage;
	}
	try {
		const program = await createProgram(host, argv);
		await program.parseAsync(helpFirst(program, argv), { from: "user" });
		return exitCode;
	} catch (error) {
		if (!(error instanceof CommanderError)) return printFailure(context, isJson, error);
		if (error.exitCode === 0) return EXIT.ok;
		const isHelp = error.code === "commander.help";
		return isHelp && !isJson ? EXIT.usage : printFailure(context, isJson, await toUsageError(error, host, argv));
	}
}

/** Hides typed secrets in what is written to standard error, and colours it on a terminal. */
function createContext(argv: readonly string[], surroundings: CliContext, isJson: boolean): CliContext {
	const { env, isCaptured = true, terminalWidth } = surroundings;
	const hideSecrets = createSecretFilter(argv);
	const paintError = isJson ? leavePlain : createPaint(env, () => terminalWidth?.() !== undefined);
	return {
		...surroundings,
		hideSecrets,
		paint: isJson ? leavePlain : createPaint(env, () => !isCaptured),
		paintError,
		stderr: (text) =>
			surroundings.stderr(
				hideSecrets(text).replace(PREFIX, (prefix) => paintError(prefix === "orgpass:" ? "bad" : "caution", prefix)),
			),
	};
}

/** Creates the program with the commands that the arguments name; by default, with all. */
export async function createProgram(host: CommandHost, argv?: readonly string[]): Promise<Command> {
	const { stdout, stderr, paint = leavePlain } = host.context;
	const isJson = argv?.includes("--json") === true;
	const program = new Command("orgpass")
		.description("Organizations sign in to each other's APIs with keys they anchor on Ethereum.")
		.version(readVersion())
		.exitOverride()
		.configureHelp({
			optionDescription: describeOption,
			styleTitle: (text) => paint("title", text),
			styleCommandText: (text) => paint("name", text),
			styleOptionText: (text) => paint("name", text),
			styleSubcommandText: (text) => paint("name", text),
		})
		.configureOutput({
			writeOut: stdout,
			writeErr: (text) => isJson || stderr(text),
			// What is coloured is decided by `paint`.
			getOutHasColors: () => true,
			getErrHasColors: () => true,
			// Printed by printFailure, with the code.
			outputError: () => undefined,
		})
		.addHelpText("after", NOTES);
	await addCommands(program, host, argv);
	return program;
}

/**
 * Commander's `help` takes only one word, and its `--help` ignores words that are no commands: both become `--help` after
 * the commands that exist, or an error at the first that doesn't.
 */
function helpFirst(program: Command, argv: readonly string[]): readonly string[] {
	const end = argv.findIndex((word) => word.startsWith("-"));
	let isAsked = argv.includes("--help") || argv.includes("-h");
	let command = program;
	const path: string[] = [];
	for (const word of end < 0 ? argv : argv.slice(0, end)) {
		if (command.commands.length === 0) break;
		if (word === "help") {
			isAsked = true;
			continue;
		}
		path.push(word);
		const next = command.commands.find((child) => child.name() === word);
		if (next === undefined) return isAsked ? path : argv;
		command = next;
	}
	return isAsked ? [...path, "--help"] : argv;
}
