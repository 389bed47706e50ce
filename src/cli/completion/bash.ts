/** @module */
import { type CommandNode, flatten, type OptionNode, type ValueNode } from "./command-tree.js";

const BEGINNING = `# Completion of orgpass in bash, written by \`orgpass completion bash\`.

_orgpass_words() {
	COMPREPLY=($(compgen -W "$1" -- "$current"))
}

_orgpass_files() {
	# Readline completes file names itself, with any characters in them; bash 3 can't be told so here.
	compopt -o default 2>/dev/null && return
	local IFS=$'\\n'
	COMPREPLY=($(compgen -f -- "$current"))
}

_orgpass_folders() {
	compopt -o dirnames 2>/dev/null && return
	local IFS=$'\\n'
	COMPREPLY=($(compgen -d -- "$current"))
}

_orgpass_pair() {
	if [[ $current == *=* ]]; then
		current=\${current#*=}
		_orgpass_files
	fi
}

_orgpass() {
	local IFS=$' \\t\\n' rest=$COMP_LINE word trimmed path='' help='' commands='' options='' operand=''
	local -a words=()
	COMPREPLY=()
	# Readline also splits words at = and :, which are parts of ours.
	for word in "\${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
		trimmed=\${rest#"\${rest%%[![:space:]]*}"}
		if [[ \${#words[@]} -eq 0 || $trimmed != "$rest" ]]; then
			words+=("$word")
		else
			words[\${#words[@]} - 1]+=$word
		fi
		rest=\${trimmed#"$word"}
	done
	local last=$((\${#words[@]} - 1))
	local current=\${words[last]} previous=\${words[last - 1]}
	for word in "\${words[@]:1:last-1}"; do
		if [[ -z $path$help && $word == help ]]; then
			help=yes
			continue
		fi
		case "\${path:+$path }$word" in
`;

const MIDDLE = `			path=\${path:+$path }$word
			;;
		*) break ;;
		esac
	done
	if [[ -z $help && $current == --*=* ]]; then
		previous=\${current%%=*}
		current=\${current#*=}
	fi
	case $path in
`;

const END = `	esac
	if [[ -n $help ]]; then
		_orgpass_words "$commands"
	elif [[ $current == -* ]]; then
		_orgpass_words "$options"
	else
		case $operand in
		'') _orgpass_words "\${commands:-$options}" ;;
		file) _orgpass_files ;;
		folder) _orgpass_folders ;;
		text) ;;
		*) _orgpass_words "$operand" ;;
		esac
	fi
}

complete -F _orgpass orgpass
`;

/** Writes the script that completes commands in bash. */
export function formatBashCompletion(program: CommandNode): string {
	const [root, ...commands] = flatten(program);
	const paths = commands.map(({ path }) => `'${path.join(" ")}'`).join(" | ");
	const cases = [root as CommandNode, ...commands].map(formatCommand);
	return `${BEGINNING}\t\t${paths})\n${MIDDLE}${cases.join("")}${END}`;
}

function formatCommand({ path, commands, options, operands }: CommandNode): string {
	const names = commands.map(({ name }) => name);
	const [operand] = operands;
	const lines = [
		`'${path.join(" ")}')`,
		...formatValues(options),
		...(names.length > 0 ? [`\tcommands='${[...names, ...(path.length === 0 ? ["help"] : [])].join(" ")}'`] : []),
		`\toptions='${options.flatMap((option) => option.names).join(" ")}'`,
		...(operand === undefined ? [] : [`\toperand='${operand.choices.join(" ") || operand.kind}'`]),
		"\t;;",
	];
	return lines.map((line) => `\t${line}\n`).join("");
}

/** Options with the same values share a line. */
function formatValues(options: readonly OptionNode[]): readonly string[] {
	const flagsOf = new Map<string, readonly string[]>();
	for (const { names, value } of options) {
		if (value === undefined) continue;
		const completion = formatValue(value);
		flagsOf.set(completion, [...(flagsOf.get(completion) ?? []), ...names]);
	}
	if (flagsOf.size === 0) return [];
	const cases = [...flagsOf].map(([completion, flags]) => `\t${flags.join(" | ")}) ${completion}return ;;`);
	return ["\tcase $help$previous in", ...cases, "\tesac"];
}

function formatValue({ kind, choices }: ValueNode): string {
	if (kind === "choice") return `_orgpass_words '${choices.join(" ")}'; `;
	const functions = { file: "_orgpass_files", folder: "_orgpass_folders", pair: "_orgpass_pair" };
	return kind === "text" ? "" : `${functions[kind]}; `;
}
