/**
 * Interactive shells, in a terminal, with the completion of orgpass.
 * @module
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a shell completes. */
export interface CompletingShell {
	readonly folder: string;
	/** The words of each line after the last one was completed; the same words if there is no single completion. */
	complete(lines: readonly string[]): readonly (readonly string[])[];
	/** The candidates for the last word of each line, sorted. */
	list(lines: readonly string[]): readonly (readonly string[])[];
}

const SEPARATOR = "\u001f";
const TAB = "\t";
/** Bound to a command that inserts all candidates. */
const INSERT_ALL = "\u0018a";

/** Prints its arguments to a file. */
const PROGRAM = `#!/bin/sh
for word; do printf '%s\\037' "$word"; done >>"$OUTPUT"
echo >>"$OUTPUT"
`;

const BASH = `
bind 'set bell-style none'
bind '"\\C-xa": insert-completions'
`;

const ZSH = `
fpath=($HOME/functions $fpath)
autoload -Uz compinit && compinit -u -D
unsetopt beep
zle -C all-matches complete-word _generic
zstyle ':completion:all-matches::::' completer _all_matches _complete
zstyle ':completion:all-matches:*' insert true
bindkey '^Xa' all-matches
`;

/** The package bash-completion, which loads completions when they are needed. */
export const BASH_COMPLETION = "/usr/share/bash-completion/bash_completion";

/** The arguments of util-linux's `script` that run a command in a terminal. */
export function inTerminal(command: string): readonly string[] {
	return ["-qefc", command, "/dev/null"];
}

export function createBash(folder: string, script: string): CompletingShell {
	writeFileSync(join(folder, "orgpass.bash"), script);
	return startBash(folder, 'source "$HOME/orgpass.bash"');
}

/** The script is where bash-completion finds it. */
export function createBashWithPackage(folder: string, script: string): CompletingShell {
	const scripts = join(folder, ".local/share/bash-completion/completions");
	mkdirSync(scripts, { recursive: true });
	writeFileSync(join(scripts, "orgpass"), script);
	return startBash(folder, `source ${BASH_COMPLETION}`);
}

/** The script is a function that zsh loads by itself or, if `isSourced`, is read by the start-up file. */
export function createZsh(folder: string, script: string, isSourced = false): CompletingShell {
	mkdirSync(join(folder, "functions"), { recursive: true });
	writeFileSync(join(folder, "functions", isSourced ? "orgpass.zsh" : "_orgpass"), script);
	writeFileSync(join(folder, ".zshrc"), isSourced ? `${ZSH}source "$HOME/functions/orgpass.zsh"\n` : ZSH);
	return createTerminalShell(folder, "zsh -i");
}

/** fish says what it would complete. */
export function createFish(folder: string, script: string): CompletingShell {
	writeFileSync(join(folder, "orgpass.fish"), script);
	const run = (lines: readonly string[]): readonly (readonly string[])[] => {
		const commands = lines.map((line) => `complete -C '${line.replace(/[\\']/g, "\\$&")}'; echo ${SEPARATOR}`);
		const output = execFileSync("fish", ["--no-config", "-c", `source orgpass.fish\n${commands.join("\n")}`], {
			cwd: folder,
			env: environmentOf(folder),
			encoding: "utf8",
		});
		return output
			.split(`${SEPARATOR}\n`)
			.slice(0, -1)
			.map((text) => text.split("\n").slice(0, -1))
			.map((candidates) => candidates.map((candidate) => candidate.split("\t")[0] as string));
	};
	return {
		folder,
		list: (lines) => run(lines).map((candidates) => [...candidates].sort()),
		complete: (lines) =>
			run(lines).map((candidates, index) => {
				const words = (lines[index] as string).split(" ").slice(1);
				return candidates.length === 1 ? [...words.slice(0, -1), candidates[0] as string] : words;
			}),
	};
}

function startBash(folder: string, startUp: string): CompletingShell {
	writeFileSync(join(folder, "bashrc"), `${BASH}${startUp}\n`);
	return createTerminalShell(folder, `bash --noprofile --rcfile '${join(folder, "bashrc")}' -i`);
}

function createTerminalShell(folder: string, command: string): CompletingShell {
	const bin = join(folder, "bin");
	mkdirSync(bin, { recursive: true });
	writeFileSync(join(bin, "orgpass"), PROGRAM, { mode: 0o755 });
	const run = (lines: readonly string[], key: string): readonly (readonly string[])[] => {
		const output = join(folder, "output");
		writeFileSync(output, "");
		const input = [...lines.map((line) => `${line}${key}`), "exit", ""].join("\n");
		spawnSync("script", inTerminal(command), { cwd: folder, input, env: environmentOf(folder) });
		const printed = execFileSync("cat", [output], { encoding: "utf8" }).split("\n").slice(0, -1);
		if (printed.length !== lines.length) throw new Error(`${command}: ${printed.length} of ${lines.length} lines`);
		return printed.map((line) => line.split(SEPARATOR).slice(0, -1));
	};
	return {
		folder,
		complete: (lines) => run(lines, TAB),
		list: (lines) =>
			run(lines, INSERT_ALL).map((words, index) => {
				const typed = (lines[index] as string).split(" ").length - 2;
				return words.slice(typed).sort();
			}),
	};
}

function environmentOf(folder: string): NodeJS.ProcessEnv {
	return {
		...{ HOME: folder, ZDOTDIR: folder, TERM: "dumb", LC_ALL: "C.UTF-8" },
		...{ OUTPUT: join(folder, "output"), PATH: `${join(folder, "bin")}:${process.env["PATH"]}` },
	};
}
