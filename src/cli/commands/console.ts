/**
 * `orgpass console`: serves the page that creates organizations and changes them.
 * @module
 */
import type { Command } from "commander";
import type { CommandHost, CommandSummary } from "../command.js";
import { addPageCommand } from "./page-command.js";

export function addConsoleCommand(program: Command, host: CommandHost, summary: CommandSummary): void {
	addPageCommand(program, host, {
		...summary,
		path: "console.html",
		needsNode: "the page has to be told a node and a registry",
		examples: ["orgpass console", "orgpass console --port 8601 --connect https://node.example"],
	});
}
