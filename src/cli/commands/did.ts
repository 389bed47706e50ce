/**
 * `orgpass did resolve`.
 * @module
 */
import type { Command } from "commander";
import { createOrgIdResolver } from "../../orgid/resolver.js";
import { resolutionError } from "../../profiles/resolution-error.js";
import { addCommand, type CommandHost, toJson } from "../command.js";
import { parseTypedDid, withRegistry } from "../organization.js";

/** Adds `did resolve`. */
export function addDidCommands(program: Command, host: CommandHost): void {
	const did = program.command("did").description("DIDs of organizations");
	addCommand(did, host, {
		usage: "resolve <did>",
		description: "show an organization's DID document and its metadata",
		run: ({ io, options, operands: [typed = ""] }) =>
			withRegistry(io, options, async (registry, { chainId }) => {
				const { did: canonical } = parseTypedDid(typed, chainId);
				const resolver = createOrgIdResolver({ networks: [{ chainId, registry }] });
				const result = await resolver.resolve(canonical);
				if (result.didDocument === null) throw resolutionError(result, canonical);
				return { data: result, text: toJson(result, 2) };
			}),
	});
}
