/**
 * Commander options that several commands share, and the error for incorrect usage.
 * @module
 */
import { Option } from "commander";
import { ConfigError } from "../errors/errors.js";

/** Advice for a key passed in place of a file name. */
export const KEY_AS_FILE_NAME =
	"expected the name of a file, got a key: write it to a file only you can read, or pass env:NAME";

/** An option, with or without a value. */
export function option(flags: string, description: string): Option {
	return new Option(flags, description);
}

/** Commander would check its mandatory options before it complains about a misspelt one. */
const requiredOptions = new WeakSet<Option>();

/** A required option. */
export function required(flags: string, description: string): Option {
	return makeRequired(new Option(flags, description));
}

export function makeRequired(definition: Option): Option {
	requiredOptions.add(definition);
	return definition;
}

export function assertRequiredOptions(options: readonly Option[], values: object): void {
	const missing = options.find(
		(option) => requiredOptions.has(option) && !Object.hasOwn(values, option.attributeName()),
	);
	if (missing !== undefined) throw usageError(`required option '${missing.flags}' not specified`);
}

/** Those that may be given more than once. */
const repeatableOptions = new WeakSet<Option>();

/** Values of options that also take others, or that are checked later. */
const suggestions = new WeakMap<Option, readonly string[]>();

/** An option that may be repeated. */
export function repeatable(flags: string, description: string): Option {
	const definition = new Option(flags, description).argParser(append);
	repeatableOptions.add(definition);
	return definition;
}

export function isRepeatable(definition: Option): boolean {
	return repeatableOptions.has(definition);
}

/** Names values of an option that shells complete. */
export function suggest(definition: Option, values: readonly string[]): Option {
	suggestions.set(definition, values);
	return definition;
}

export function suggestedValues(definition: Option): readonly string[] | undefined {
	return suggestions.get(definition);
}

/** An option that may be repeated, with a fixed set of values. */
export function repeatableChoice(flags: string, description: string, choices: readonly string[]): Option {
	const choice = new Option(flags, description).choices(choices);
	const { parseArg } = choice;
	repeatableOptions.add(choice);
	return choice.argParser((text, before: string[] | undefined) => append(parseArg?.(text, undefined) ?? text, before));
}

/** An option whose value is parsed; the parser gets the option's name for its error message. */
export function parsed<T>(flags: string, description: string, parse: (text: string, option: string) => T): Option {
	const definition = new Option(flags, description);
	return definition.argParser((text) => parse(text, `--${definition.name()}`));
}

/** Creates the error for operands and options that can't be combined. */
export function usageError(message: string): ConfigError {
	return new ConfigError("config/usage", message);
}

/** Describes an option in the help: with its choices, its default, and whether it is required. */
export function describeOption(option: Option): string {
	const { description, argChoices, defaultValue } = option;
	const notes = [
		...(requiredOptions.has(option) ? ["required"] : []),
		...(argChoices === undefined ? [] : [argChoices.join(", ")]),
		...(defaultValue === undefined ? [] : [`default ${defaultValue}`]),
	];
	return notes.length === 0 ? description : `${description} (${notes.join("; ")})`;
}

function append(value: string, before: string[] | undefined): string[] {
	return [...(before ?? []), value];
}
