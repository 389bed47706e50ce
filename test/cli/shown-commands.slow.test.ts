/** Commands that are shown to be pasted, in the shells that they are pasted into. */
import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { toCommand as toPageCommand } from "../../inspector/console/command-text.ts";
import { toCommand } from "../../src/cli/next-command.ts";
import { describeWithTool } from "../support/tools.ts";

const WORDS = [
	"\\';echo hacked;#.json",
	"a\\",
	"a'b",
	"$(echo hacked)`echo hacked`",
	"=ls",
	"~root",
	"--valid-until=~",
	"!!",
	"{a,b}*?[c]",
	"a && echo hacked | cat > b; c",
	"https://[::1]/?a=1&b=%20#c",
];

const POSIX = `orgpass() { printf '%s\\0' "$@"; }`;

for (const [shell, definition] of [
	["bash", POSIX],
	["zsh", POSIX],
	["fish", `function orgpass; printf '%s\\0' $argv; end`],
] as const) {
	describeWithTool(`a command that is shown, in ${shell}`, shell, ["--version"], () => {
		it.each([
			["the command line", toCommand],
			["the console", toPageCommand],
		])("T100: that of %s has the words that were meant", (_, format) => {
			const { stdout } = spawnSync(shell, ["-c", `${definition}\n${format(WORDS)}`], { encoding: "utf8" });
			expect(stdout.split("\0").slice(0, -1)).toEqual(WORDS);
		});
	});
}
