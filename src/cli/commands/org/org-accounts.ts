/**
 * `orgpass org delegates` and `org director`: who besides the owner may act for an organization.
 * @module
 */
import type { Command } from "commander";
import { ZeroAddress } from "ethers";
import { formatValue, isOrgpassError, RegistryError } from "../../../errors/errors.js";
import type { Address } from "../../../registry/org-record.js";
import { addCommand, type CommandHost } from "../../command.js";
import { repeatedFlags, toCommand } from "../../next-command.js";
import { option, parsed, usageError } from "../../options.js";
import { changeOutcome, OWNER_OPTIONS, type OwnerFlags, parseAddress, withOwnerOf } from "../../organization.js";
import { lowerCaseDid, parseTypedDidUrl, typedDidError } from "../../typed-did.js";

/** Adds `org delegates add|remove` and `org director set|accept`. */
export function addOrgAccountCommands(org: Command, host: CommandHost): void {
	const delegates = org.command("delegates").description("who may sign the document besides the owner (orgid-v3)");
	addDelegates(delegates, host, "add");
	addDelegates(delegates, host, "remove");
	const director = org.command("director").description("the account that acts for the owner");
	addDirectorSet(director, host);
	addDirectorAccept(director, host);
}

function addDelegates(delegates: Command, host: CommandHost, verb: "add" | "remove"): void {
	const isAdding = verb === "add";
	addCommand<OwnerFlags>(delegates, host, {
		usage: `${verb} <did> <didurls...>`,
		description: isAdding
			? "add keys that may sign the document; it must list them exactly as written here"
			: "remove delegates",
		options: OWNER_OPTIONS,
		examples: [`orgpass org delegates ${verb} did:orgid:100:0x… did:orgid:100:0x…#key1`],
		run: ({ context, options, operands: [typed = ""], rest }) => {
			const delegates = rest.map(parseDelegate);
			return withOwnerOf(context, options, typed, async (registry, { orgId, did }) => {
				const receipt = isAdding
					? await registry.addDelegates(orgId, delegates)
					: await registry.removeDelegates(orgId, delegates);
				const text = `${isAdding ? "added" : "removed"} ${delegates.join(", ")}`;
				return changeOutcome(did, receipt, text, { delegates });
			});
		},
	});
}

function addDirectorSet(director: Command, host: CommandHost): void {
	addCommand<OwnerFlags & { to?: Address; none?: boolean }>(director, host, {
		usage: "set <did>",
		description: "propose a director, who has to accept; signed by the owner",
		options: [
			parsed("--to <address>", "the director", parseAddress).conflicts("none"),
			option("--none", "remove the director"),
			...OWNER_OPTIONS,
		],
		examples: [
			`orgpass org director set did:orgid:… --to 0x${"d1".repeat(20)}`,
			"orgpass org director set did:orgid:… --none",
		],
		run: async ({ context, options: { to, none, ...options }, operands: [typed = ""] }) => {
			if (to === undefined && !none) throw usageError("expected --to or --none");
			return withOwnerOf(context, options, typed, async (registry, { orgId, did }) => {
				const receipt = await registry.transferDirectorship(orgId, to ?? (ZeroAddress as Address));
				if (to === undefined) {
					return changeOutcome(did, receipt, `${did} has no director`, { proposed: null, next: [] });
				}
				// The director signs with their own key.
				const settings = repeatedFlags({ ...options, ownerKey: "KEY" });
				const accept = toCommand(["org", "director", "accept", did, ...settings]);
				const text = `proposed ${to}, who becomes director with\n  ${accept}`;
				return changeOutcome(did, receipt, text, { proposed: to, next: [accept] });
			});
		},
	});
}

function addDirectorAccept(director: Command, host: CommandHost): void {
	addCommand<OwnerFlags>(director, host, {
		usage: "accept <did>",
		description: "become director; signed by the account that the owner proposed",
		options: OWNER_OPTIONS,
		examples: ["orgpass org director accept did:orgid:… --owner-key director.pem"],
		run: ({ context, options, operands: [typed = ""] }) =>
			withOwnerOf(context, options, typed, async (registry, { orgId, did }, { address }) => {
				const receipt = await registry.acceptDirectorship(orgId).catch((error) => rethrowUnauthorized(error, address));
				return changeOutcome(did, receipt, `${address} is director of ${did}`, { director: address });
			}),
	});
}

/** Replaces the usual hint to sign as the owner. */
function rethrowUnauthorized(error: unknown, address: string): never {
	if (!isOrgpassError(error) || error.code !== "registry/unauthorized") throw error;
	const hint =
		`${address} isn't the proposed director, who must sign: use their key as --owner-key; ` +
		"the owner proposes with `org director set`.";
	const details = { ...error.details, hint };
	throw new RegistryError(error.code, error.message, { details, cause: error });
}

function parseDelegate(typed: string): string {
	const text = lowerCaseDid(typed);
	if (parseTypedDidUrl(text).fragment !== undefined) return text;
	throw typedDidError(`expected a key, did:orgid:…#name, got ${formatValue(typed)}`);
}
