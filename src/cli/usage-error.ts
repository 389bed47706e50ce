/**
 * Turns Commander's errors into those of the command line: with its suggestions, and without what may be a secret.
 * @module
 */
import type { Command, CommanderError } from "commander";
import { ConfigError } from "../errors/errors.js";
import type { CommandHost } from "./command.js";
import { KEY_AS_FILE_NAME, usageError } from "./options.js";

/** A command, an option or a list of options, short enough not to be a key. */
const WORD = /^(?:-[-a-z, ]{1,40}(?:<[a-z=-]{1,20}>)?|[a-z-]{1,16})$/;

/** A value where only some are allowed. */
const VALUE = /^[\w.-]{1,16}$/;

export async function toUsageError(
	{ code, message }: CommanderError,
	host: CommandHost,
	argv: readonly string[],
): Promise<ConfigError> {
	if (code === "commander.help") return usageError("expected a command");
	// An operand that begins with - is taken for an option.
	if (code === "commander.unknownOption" && message.includes("'-----BEGIN ")) return usageError(KEY_AS_FILE_NAME);
	const [first = ""] = argv;
	const suggestion = message.endsWith(`'${first}'`) ? await suggestPaths(host, first) : "";
	const isValue = code === "commander.invalidArgument";
	const isShown = (text: string): boolean => WORD.test(text) || (isValue && VALUE.test(text));
	return new ConfigError(
		isValue ? "config/invalid-option" : "config/usage",
		withoutSecrets(message, argv, isShown)
			.replace(/^error: /, "")
			.replaceAll("\n", " ") + suggestion,
	);
}

/** Suggests the commands with this name inside others: `token mint` for `mint`. */
async function suggestPaths(host: CommandHost, name: string): Promise<string> {
	const program = await host.loadProgram();
	const paths = program.commands.flatMap((command) => findPaths(command, name));
	if (paths.length === 0) return "";
	return ` (Did you mean ${paths.length === 1 ? "" : "one of "}${paths.join(", ")}?)`;
}

function findPaths(command: Command, name: string): readonly string[] {
	return command.commands.flatMap((child) =>
		[...(child.name() === name ? [child.name()] : []), ...findPaths(child, name)].map(
			(path) => `${command.name()} ${path}`,
		),
	);
}

/** Repeats only what looks like a word or an option: a key may have been typed by mistake. */
function withoutSecrets(text: string, argv: readonly string[], isShown: (word: string) => boolean): string {
	const typed = argv.flatMap((word) => [word, word.slice(word.indexOf("=") + 1), word.slice(2)]);
	const quotes = typed.filter((word) => !isShown(word)).map((word) => `'${word}'`);
	const shown = quotes.reduce((rest, quote) => rest.replaceAll(quote, "given"), text);
	return shown.replace(/'([^']*)'/g, (quoted, word: string) => (isShown(word) ? quoted : "given"));
}
