/**
 * `orgpass inspector`: serves the page that shows why a token is accepted or refused.
 * @module
 */
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { ConfigError, isOrgpassError } from "../../errors/errors.js";
import { invalidOption } from "../../options/invalid-option.js";
import { addCommand, type CommandHost, type CommandSummary, type CommonFlags } from "../command.js";
import type { CliContext } from "../context.js";
import { createInspectorSite, type InspectorSettings } from "../inspector-site.js";
import { printNote } from "../note.js";
import { repeatable } from "../options.js";
import { PORT_OPTION } from "../port-option.js";
import { type LocalServer, serveFetch } from "../serve-fetch.js";
import { findRegistry } from "../settings/network.js";
import { readSettings } from "../settings/read-settings.js";

interface InspectorFlags {
	readonly port?: number;
	readonly connect?: readonly string[];
}

/** From the sources and from the bundles, three folders below the package's. */
const FOLDER = fileURLToPath(new URL("../../../dist/inspector", import.meta.url));

export function addInspectorCommand(program: Command, host: CommandHost, { name, description }: CommandSummary): void {
	addCommand<InspectorFlags>(program, host, {
		usage: name,
		description,
		options: [
			PORT_OPTION,
			repeatable(
				"--connect <origin>",
				"another origin that the page may ask, such as a document's host; may be repeated",
			),
		],
		examples: ["orgpass inspector", "orgpass inspector --port 8600 --connect https://hotel.example"],
		async run({ context, options, announce }) {
			const settings = await findSettings(context, options);
			const { network } = settings;
			const origins = [...(network === undefined ? [] : [network.rpcUrl]), ...(options.connect ?? [])].map(toOrigin);
			const server = await listen(createInspectorSite({ folder: FOLDER, settings, origins }), options.port);
			try {
				announce({ data: { url: server.url }, text: `inspector at ${server.url}\nCtrl-C stops it.` });
				if (!context.signal.aborted) await once(context.signal, "abort");
			} finally {
				await server.close();
			}
			return undefined;
		},
	});
}

/** Without a node, the page still judges the tokens of apps and of ioctl. */
async function findSettings(context: CliContext, flags: CommonFlags): Promise<InspectorSettings> {
	try {
		const { registry, chain } = await findRegistry(context, flags);
		const { address } = registry;
		registry.close();
		const { kind } = await readSettings(context, flags);
		return { network: { ...chain, registry: address, kind } };
	} catch (error) {
		if (!isOrgpassError(error) || error.code !== "config/missing") throw error;
		printNote(context, `organizations' tokens can't be verified: ${error.message}`);
		return {};
	}
}

function toOrigin(url: string): string {
	if (/^(?:https?|wss?):\/\//.test(url) && URL.canParse(url)) return new URL(url).origin;
	throw invalidOption("--connect", "an origin such as https://hotel.example", { got: url });
}

async function listen(
	handler: (request: Request) => Promise<Response>,
	port: number | undefined,
): Promise<LocalServer> {
	try {
		return await serveFetch(handler, port);
	} catch (cause) {
		throw new ConfigError("config/invalid-option", `the port ${port} can't be used`, { cause });
	}
}
