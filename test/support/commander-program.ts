/** @module */
import type { Command } from "commander";
import type { CommandHost } from "../../src/cli/command.ts";
import { createProgram } from "../../src/cli/run-cli.ts";
import { silentContext } from "./cli-world.ts";

/** The program with all commands, as Commander sees it. */
export function loadProgram(): Promise<Command> {
	const host: CommandHost = {
		context: silentContext("/"),
		setExitCode: () => undefined,
		loadProgram: () => createProgram(host),
	};
	return createProgram(host);
}

/** A command and all commands in it, with the words that name them. */
export function listCommands(
	command: Command,
	path: readonly string[] = [],
): readonly { readonly command: Command; readonly path: readonly string[] }[] {
	const children = command.commands.flatMap((child) => listCommands(child, [...path, child.name()]));
	return [{ command, path }, ...children];
}
