/**
 * `orgpass inspector`: serves the page that shows why a token is accepted or refused.
 * @module
 */
import type { Command } from "commander";
import type { CommandHost, CommandSummary } from "../command.js";
import { addPageCommand } from "./page-command.js";

export function addInspectorCommand(program: Command, host: CommandHost, summary: CommandSummary): void {
	addPageCommand(program, host, {
		...summary,
		path: "",
		needsNode: "organizations' tokens can't be verified",
		examples: ["orgpass inspector", "orgpass inspector --port 8600 --connect https://hotel.example"],
	});
}
