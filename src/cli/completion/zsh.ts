/** @module */
import { type CommandNode, flatten, type OperandNode, type OptionNode, type ValueNode } from "./command-tree.js";

const BEGINNING = `#compdef orgpass
# Completion of orgpass in zsh, written by \`orgpass completion zsh\`.

# Completes the name of a command, or what comes after it.
__orgpass_command() {
	local name=$words[2]
	if ((CURRENT == 2)); then
		if [[ $PREFIX == -* ]]; then
			__orgpass_arguments "$options[@]"
		else
			_describe -t commands command commands
		fi
	elif (($+functions[$1_$name])); then
		shift words
		((CURRENT--))
		local curcontext="\${curcontext%:*:*}:orgpass-$name:"
		$1_$name
	fi
}

# After \`help\`, there are only commands.
__orgpass_arguments() {
	((\${orgpass_helps:-0})) || _arguments -s -S "$@"
}

__orgpass_pair() {
	if compset -P '*='; then
		_files
	else
		_message name=file
	fi
}

_orgpass_help() {
	local orgpass_helps=1
	_orgpass
}
`;

const END = `
if [[ $funcstack[1] == _orgpass ]]; then
	_orgpass "$@"
else
	compdef _orgpass orgpass
fi
`;

const HELP = { name: "help", description: "display help for command" };

/** Writes the script that completes commands in zsh. */
export function formatZshCompletion(program: CommandNode): string {
	return BEGINNING + flatten(program).map(formatFunction).join("") + END;
}

function formatFunction({ path, commands, options, operands }: CommandNode): string {
	const name = ["_orgpass", ...path].join("_");
	const specs = options.map(formatOption);
	if (commands.length === 0) {
		const lines = [...specs, ...operands.map(formatOperand)].map((spec) => ` \\\n\t\t${spec}`);
		return `\n${name}() {\n\t__orgpass_arguments${lines.join("")}\n}\n`;
	}
	const listed = path.length === 0 ? [...commands, HELP] : commands;
	const entries = listed.map((command) => quote(`${command.name}:${escapeSpec(command.description)}`));
	const list = (items: readonly string[]): string => items.map((item) => `\n\t\t${item}`).join("");
	return (
		`\n${name}() {\n\tlocal -a commands=(${list(entries)}\n\t)\n\tlocal -a options=(${list(specs)}\n\t)\n` +
		`\t__orgpass_command ${name}\n}\n`
	);
}

function formatOption({ names, description, isRepeatable, value }: OptionNode): string {
	const action = value === undefined ? "" : formatValue(value);
	const text = `[${escapeSpec(description)}]${action}`;
	const spellings = names.map((name) => (value === undefined ? name : `${name}${name.startsWith("--") ? "=" : "+"}`));
	if (isRepeatable) return quote(`*${spellings[0]}${text}`);
	if (names.length === 1) return quote(`${spellings[0]}${text}`);
	return `'(${names.join(" ")})'{${spellings.join(",")}}${quote(text)}`;
}

function formatOperand({ isRequired, isVariadic, ...value }: OperandNode): string {
	return quote(`${isVariadic ? "*" : isRequired ? "" : ":"}${formatValue(value)}`);
}

/** With an empty action for text, zsh would complete no options either. */
function formatValue({ name, kind, choices }: ValueNode): string {
	const text = escapeSpec(name);
	const actions = {
		...{ choice: `(${choices.join(" ")})`, file: "_files", folder: "_path_files -/", pair: "__orgpass_pair" },
		text: `_message ${text}`,
	};
	return `:${text}:${actions[kind]}`;
}

function escapeSpec(text: string): string {
	return text.replace(/[\\:[\]]/g, "\\$&");
}

function quote(text: string): string {
	return `'${text.replaceAll("'", "'\\''")}'`;
}
