/**
 * The commands, options and operands of the command line as data, for completion scripts and man pages.
 * @module
 */
import type { Argument, Command, Option } from "commander";
import { findExamples } from "../command.js";
import { describeOption, isRepeatable, suggestedValues } from "../options.js";

/** What a value is: one of a few words, the name of a file or a folder, a name and a file (`name=file`), or any text. */
export type ValueKind = "choice" | "file" | "folder" | "pair" | "text";

export interface ValueNode {
	/** As the help names it, such as `did`. */
	readonly name: string;
	readonly kind: ValueKind;
	readonly choices: readonly string[];
}

export interface OptionNode {
	/** As the help shows it: `-q, --quiet`. */
	readonly flags: string;
	/** The long name and the short one, if it has both. */
	readonly names: readonly string[];
	readonly description: string;
	/** With choices, the default, and whether the option is required. */
	readonly fullDescription: string;
	readonly isRepeatable: boolean;
	/** Absent for options without a value. */
	readonly value?: ValueNode;
}

export interface OperandNode extends ValueNode {
	readonly isRequired: boolean;
	readonly isVariadic: boolean;
}

export interface CommandNode {
	readonly name: string;
	/** The words after `orgpass`. */
	readonly path: readonly string[];
	readonly description: string;
	readonly operands: readonly OperandNode[];
	readonly options: readonly OptionNode[];
	readonly examples: readonly string[];
	readonly commands: readonly CommandNode[];
}

/** The kinds of values, by the names that the help gives them. */
const KINDS: Readonly<Record<string, ValueKind>> = {
	file: "file",
	key: "file",
	source: "file",
	dir: "folder",
	place: "folder",
	"name=key": "pair",
	"id=key": "pair",
};

export function toCommandTree(command: Command, path: readonly string[] = []): CommandNode {
	return {
		name: command.name(),
		path,
		description: command.description(),
		operands: command.registeredArguments.map(toOperand),
		options: command.createHelp().visibleOptions(command).map(toOption),
		examples: findExamples(command),
		commands: command.commands.map((child) => toCommandTree(child, [...path, child.name()])),
	};
}

/** The command and all commands in it. */
export function flatten(command: CommandNode): readonly CommandNode[] {
	return [command, ...command.commands.flatMap(flatten)];
}

function toOption(option: Option): OptionNode {
	const { flags, long, short, description, required } = option;
	const name = /<(.+)>/.exec(flags)?.[1] ?? "";
	return {
		flags,
		names: [long, short].filter((text) => text !== undefined && text !== null),
		description,
		fullDescription: describeOption(option),
		isRepeatable: isRepeatable(option),
		...(required && { value: toValue(name, option.argChoices ?? suggestedValues(option)) }),
	};
}

function toOperand(argument: Argument): OperandNode {
	const { required: isRequired, variadic: isVariadic, argChoices } = argument;
	return { ...toValue(argument.name(), argChoices), isRequired, isVariadic };
}

function toValue(name: string, choices: readonly string[] = []): ValueNode {
	return { name, kind: choices.length > 0 ? "choice" : (KINDS[name] ?? "text"), choices };
}
