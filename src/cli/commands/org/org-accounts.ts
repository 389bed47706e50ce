/**
 * `orgpass org delegates` and `org director`: who besides the owner may act for an organization.
 * @module
 */
import type { Command } from "commander";
import { ZeroAddress } from "ethers";
import { parseDidUrl } from "../../../did/did-url.js";
import { ConfigError, DidError, isOrgpassError, RegistryError } from "../../../errors/errors.js";
import { formatValue } from "../../../errors/format-value.js";
import type { Address } from "../../../registry/org-record.js";
import { addCommand, type CommandHost } from "../../command.js";
import { repeatedFlags, toCommand } from "../../next-command.js";
import {
	changed,
	lowerCaseDid,
	OWNER_FLAGS,
	type OwnerFlags,
	parseAddress,
	parseTypedDid,
	withOwner,
} from "../../organization.js";

/** Adds `org delegates add|remove` and `org director set|accept`. */
export function addOrgAccountCommands(org: Command, host: CommandHost): void {
	const delegates = org
		.command("delegates")
		.description("who may sign the document besides the owner (orgid-v3)");
	addDelegates(delegates, host, "add");
	addDelegates(delegates, host, "remove");
	addDirector(org.command("director").description("the account that acts for the owner"), host);
}

function addDelegates(delegates: Command, host: CommandHost, verb: "add" | "remove"): void {
	addCommand<OwnerFlags>(delegates, host, {
		usage: `${verb} <did> <didurls...>`,
		description:
			verb === "add"
				? "name keys that may sign the document; it must name them too, in the same spelling"
				: "take delegates away",
		flags: OWNER_FLAGS,
		example: `orgpass org delegates ${verb} did:orgid:100:0x… did:orgid:100:0x…#key1`,
		run: ({ context, options, operands: [typed = ""], rest }) => {
			const names = rest.map(readDelegate);
			return withOwner(context, options, async (registry, { chainId }) => {
				const { orgId, did } = parseTypedDid(typed, chainId);
				const receipt =
					verb === "add"
						? await registry.addDelegates(orgId, names)
						: await registry.removeDelegates(orgId, names);
				const text = `${verb === "add" ? "added" : "removed"} ${names.join(", ")}`;
				return changed(did, receipt, text, { delegates: names });
			});
		},
	});
}

function addDirector(director: Command, host: CommandHost): void {
	addCommand<OwnerFlags & { to?: string; none?: boolean }>(director, host, {
		usage: "set <did>",
		description: "propose a director, who has to accept; signed by the owner",
		flags: [["--to <address>", "the director"], ["--none", "none"], ...OWNER_FLAGS],
		run: ({ context, options, operands: [typed = ""] }) => {
			if ((options.to === undefined) !== (options.none === true)) {
				throw new ConfigError("config/usage", "expected either --to or --none");
			}
			const account = options.to === undefined ? (ZeroAddress as Address) : parseAddress(options.to, "to");
			return withOwner(context, options, async (registry, { chainId }) => {
				const { orgId, did } = parseTypedDid(typed, chainId);
				const receipt = await registry.transferDirectorship(orgId, account);
				if (options.to === undefined) {
					return changed(did, receipt, `${did} has no director`, { proposed: null, next: [] });
				}
				// The director signs with a key of their own.
				const settings = repeatedFlags({ ...options, ownerKey: "KEY" });
				const accept = toCommand(["org", "director", "accept", did, ...settings]);
				const text = `proposed ${account}, who becomes director with\n  ${accept}`;
				return changed(did, receipt, text, { proposed: account, next: [accept] });
			});
		},
	});

	addCommand<OwnerFlags>(director, host, {
		usage: "accept <did>",
		description: "accept to be director; signed by whom the owner proposed",
		flags: OWNER_FLAGS,
		run: ({ context, options, operands: [typed = ""] }) =>
			withOwner(context, options, async (registry, { chainId }, { address }) => {
				const { orgId, did } = parseTypedDid(typed, chainId);
				const receipt = await registry
					.acceptDirectorship(orgId)
					.catch((error) => refuseAccept(error, address));
				return changed(did, receipt, `${address} is director of ${did}`, { director: address });
			}),
	});
}

/** The usual hint, to sign as owner, would lead astray. */
function refuseAccept(error: unknown, address: string): never {
	if (!isOrgpassError(error) || error.code !== "registry/unauthorized") throw error;
	const hint =
		`The proposed director must sign, and ${address} isn't: give their key with --owner-key; ` +
		"the owner proposes with `org director set`.";
	const details = { ...error.details, hint };
	throw new RegistryError(error.code, error.message, { details, cause: error });
}

function readDelegate(typed: string): string {
	const text = lowerCaseDid(typed);
	if (parseDidUrl(text).fragment !== undefined) return text;
	throw new DidError("did/syntax", `expected a key, did:orgid:…#name, got ${formatValue(typed)}`);
}
