/**
 * `orgpass completion`: scripts that complete commands in shells. They need no Node.js.
 * @module
 */
import type { Command } from "commander";
import { addCommand, type CommandHost, type CommandSummary } from "../command.js";
import { formatBashCompletion } from "../completion/bash.js";
import { type CommandNode, toCommandTree } from "../completion/command-tree.js";
import { formatFishCompletion } from "../completion/fish.js";
import { formatZshCompletion } from "../completion/zsh.js";

export type Shell = "bash" | "zsh" | "fish";

export const FORMATTERS: Readonly<Record<Shell, (program: CommandNode) => string>> = {
	bash: formatBashCompletion,
	zsh: formatZshCompletion,
	fish: formatFishCompletion,
};

export function addCompletionCommand(program: Command, host: CommandHost, { name, description }: CommandSummary): void {
	addCommand(program, host, {
		usage: `${name} <shell>`,
		description,
		operandChoices: Object.keys(FORMATTERS),
		examples: [
			"orgpass completion bash > ~/.local/share/bash-completion/completions/orgpass",
			'orgpass completion zsh > "$fpath[1]/_orgpass"',
			"orgpass completion fish > ~/.config/fish/completions/orgpass.fish",
		],
		async run({ operands: [shell] }) {
			const tree = toCommandTree(await host.loadProgram());
			const script = FORMATTERS[shell as Shell](tree);
			return { data: { shell, script }, text: script, isExact: true };
		},
	});
}
