/**
 * `orgpass document`: build, sign, hash and check ORG.JSON documents.
 * @module
 */
import type { Command } from "commander";
import { hashDocument } from "../../../document/document-hash.js";
import { addCommand, type CommandHost, type CommandSummary } from "../../command.js";
import { inspectOrgJson, readDocumentBytes } from "../../document-file.js";
import { addBuildCommand } from "./build.js";
import { addCheckCommand } from "./check.js";
import { addSignCommand } from "./sign.js";

export function addDocumentCommands(program: Command, host: CommandHost, { name, description }: CommandSummary): void {
	const document = program.command(name).description(description);
	addBuildCommand(document, host);
	addSignCommand(document, host);
	addHashCommand(document, host);
	addCheckCommand(document, host);
}

function addHashCommand(document: Command, host: CommandHost): void {
	addCommand(document, host, {
		usage: "hash <file>",
		description: "print the keccak256 of a document's bytes, as registries store it (- reads standard input)",
		examples: ["orgpass document hash org.json"],
		async run({ context, operands: [file = ""] }) {
			const bytes = await readDocumentBytes(context, file);
			const hash = hashDocument(bytes);
			const orgJson = inspectOrgJson(context, bytes);
			const facts =
				orgJson instanceof Error
					? { warning: orgJson.message }
					: { orgJson: { id: orgJson.subject["id"], generation: orgJson.generation } };
			return { data: { hash, bytes: bytes.length, ...facts }, text: hash };
		},
	});
}
