/**
 * `orgpass document`: ORG.JSON documents, from keys to what a registry and its readers think of them.
 * @module
 */
import type { Command } from "commander";
import { hashDocument } from "../../../document/document-hash.js";
import { isOrgpassError } from "../../../errors/errors.js";
import { escapeText } from "../../../errors/format-value.js";
import { addCommand, type CommandHost } from "../../command.js";
import { parseAnyOrgJson, readDocumentBytes } from "../../document-file.js";
import { addBuildCommand } from "./build.js";
import { addCheckCommand } from "./check.js";
import { addSignCommand } from "./sign.js";

/** Adds `document build|sign|hash|check`. */
export function addDocumentCommands(program: Command, host: CommandHost): void {
	const document = program.command("document").description("build, sign, hash and check ORG.JSON documents");
	addBuildCommand(document, host);
	addSignCommand(document, host);
	addHashCommand(document, host);
	addCheckCommand(document, host);
}

function addHashCommand(document: Command, host: CommandHost): void {
	addCommand(document, host, {
		usage: "hash <file>",
		description: "print the keccak256 of a document's bytes, as registries keep it (- reads standard input)",
		example: "orgpass document hash org.json",
		async run({ context, operands: [file = ""] }) {
			const bytes = await readDocumentBytes(context, file);
			const hash = hashDocument(bytes);
			const facts = { hash, bytes: bytes.length };
			try {
				const { subject, generation } = parseAnyOrgJson(bytes);
				return { data: { ...facts, orgJson: { id: subject["id"], generation } }, text: hash };
			} catch (error) {
				if (!isOrgpassError(error)) throw error;
				context.stderr(
					`warning: no resolver will take this for an ORG.JSON document: ${escapeText(error.message)}\n`,
				);
				return { data: { ...facts, warning: error.message }, text: hash };
			}
		},
	});
}
