/**
 * The commands that serve a page of `dist/inspector` on this machine.
 * @module
 */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { isOrgpassError } from "../../errors/errors.js";
import { addCommand, type CommandHost, type CommandSummary, type CommonFlags } from "../command.js";
import type { CliContext } from "../context.js";
import { createInspectorSite, type InspectorSettings } from "../inspector-site.js";
import { printNote } from "../note.js";
import { repeatable } from "../options.js";
import { toPageOrigin } from "../page-origin.js";
import { PORT_OPTION } from "../port-option.js";
import { serveFetch } from "../serve-fetch.js";
import { findRegistry } from "../settings/network.js";
import { readSettings } from "../settings/read-settings.js";

/** A page to serve. */
export interface ServedPage extends CommandSummary {
	/** Its path below the server's URL. */
	readonly path: string;
	/** What the page can't do without a node. */
	readonly needsNode: string;
	readonly examples: readonly string[];
}

interface PageFlags {
	readonly port?: number;
	readonly connect?: readonly string[];
}

const SECRET_BYTES = 16;
/** From the sources and from the bundles, three folders below the package's. */
const FOLDER = fileURLToPath(new URL("../../../dist/inspector", import.meta.url));

export function addPageCommand(program: Command, host: CommandHost, page: ServedPage): void {
	const { name, description, path, needsNode, examples } = page;
	addCommand<PageFlags>(program, host, {
		usage: name,
		description,
		options: [
			PORT_OPTION,
			repeatable(
				"--connect <origin>",
				"another origin that the page may ask, such as a document's host; may be repeated",
			),
		],
		examples,
		async run({ context, options, announce }) {
			const settings = await findSettings(context, options, needsNode);
			const { network } = settings;
			const origins = [
				...(network === undefined ? [] : [toPageOrigin(network.rpcUrl, "--rpc-url")]),
				...(options.connect ?? []).map((url) => toPageOrigin(url, "--connect")),
			];
			const secret = randomBytes(SECRET_BYTES).toString("base64url");
			const server = await serveFetch(createInspectorSite({ folder: FOLDER, secret, settings, origins }), options.port);
			try {
				const url = `${server.url}${secret}/${path}`;
				announce({ data: { url }, text: `${name} at ${url}\nCtrl-C stops it.` });
				if (!context.signal.aborted) await once(context.signal, "abort");
			} finally {
				await server.close();
			}
			return undefined;
		},
	});
}

/** Without a node, the page is served, too: one can be entered there. */
async function findSettings(context: CliContext, flags: CommonFlags, needsNode: string): Promise<InspectorSettings> {
	try {
		const { registry, chain } = await findRegistry(context, flags);
		const { address } = registry;
		registry.close();
		const { kind } = await readSettings(context, flags);
		return { network: { ...chain, registry: address, kind } };
	} catch (error) {
		if (!isOrgpassError(error) || error.code !== "config/missing") throw error;
		printNote(context, `${needsNode}: ${error.message}`);
		return {};
	}
}
