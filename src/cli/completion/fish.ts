/** @module */
import { type CommandNode, flatten, type OptionNode, type ValueNode } from "./command-tree.js";

const BEGINNING = `# Completion of orgpass in fish, written by \`orgpass completion fish\`.

# Succeeds if the words before the cursor begin with exactly these commands.
function __orgpass_at
	set -l path
	set -l words (commandline -opc)[2..-1]
	if test "$words[1]" = help
		set -e words[1]
	end
	for word in $words
		contains -- (string join -- ' ' $path $word) $__orgpass_paths; or break
		set -a path $word
	end
	test "$path" = "$argv"
end

# The same, but not after \`help\`.
function __orgpass_in
	set -l words (commandline -opc)
	test "$words[2]" != help; and __orgpass_at $argv
end

complete -c orgpass -e
complete -c orgpass -f
`;

/** Writes the script that completes commands in fish. */
export function formatFishCompletion(program: CommandNode): string {
	const all = flatten(program);
	const paths = all.filter(({ path }) => path.length > 0).map(({ path }) => quote(path.join(" ")));
	const help = formatLine("__orgpass_in", ["-a help", description("display help for command")]);
	return [BEGINNING, `set -g __orgpass_paths ${paths.join(" ")}\n`, help, ...all.flatMap(formatCommand)].join("");
}

function formatCommand({ path, commands, options, operands: [operand] }: CommandNode): readonly string[] {
	const at = ["__orgpass_at", ...path].join(" ");
	const within = ["__orgpass_in", ...path].join(" ");
	return [
		...commands.map((command) => formatLine(at, [`-a ${command.name}`, description(command.description)])),
		...options.map((option) => formatLine(within, formatOption(option))),
		...(operand === undefined || operand.kind === "text" ? [] : [formatLine(within, [formatOperand(operand)])]),
	];
}

function formatOption({ names, value, ...option }: OptionNode): readonly string[] {
	const flags = names.map((name) => (name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
	return [...flags, ...(value === undefined ? [] : [formatValue(value)]), description(option.description)];
}

/** The value of an option, which is required. */
function formatValue(value: ValueNode): string {
	if (value.kind === "text") return "-x";
	return value.kind === "file" || value.kind === "pair" ? "-r -F" : `-x ${formatOperand(value)}`;
}

function formatOperand({ kind, choices }: ValueNode): string {
	if (kind === "choice") return `-a ${quote(choices.join(" "))}`;
	return kind === "folder" ? `-a '(__fish_complete_directories)'` : "-F";
}

function formatLine(condition: string, parts: readonly string[]): string {
	return `complete -c orgpass -n ${quote(condition)} ${parts.join(" ")}\n`;
}

function description(text: string): string {
	return `-d ${quote(text)}`;
}

function quote(text: string): string {
	return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
