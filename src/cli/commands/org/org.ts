/**
 * `orgpass org`: create, show and change organizations.
 * @module
 */
import type { Command } from "commander";
import { type CanonicalDidUrl, formatDidUrl } from "../../../did/did-url.js";
import { RegistryError } from "../../../errors/errors.js";
import type { Address } from "../../../registry/org-record.js";
import type { Registry } from "../../../registry/registry.js";
import { addCommand, type CommandHost, type CommandSummary } from "../../command.js";
import { formatRecord } from "../../format-record.js";
import { makeRequired, option, parsed } from "../../options.js";
import {
	changeOutcome,
	OWNER_OPTIONS,
	type OwnerFlags,
	parseAddress,
	readOrganization,
	withOwnerOf,
	withRegistry,
} from "../../organization.js";
import { parseTypedDid } from "../../typed-did.js";
import { addOrgAccountCommands } from "./org-accounts.js";
import { addOrgDocumentCommands } from "./org-document.js";
import { addOrgKeyCommands } from "./org-keys.js";
import { addRotateKeyCommand } from "./rotate-key.js";

export function addOrgCommands(program: Command, host: CommandHost, { name, description }: CommandSummary): void {
	const org = program.command(name).description(description);
	addShowAndList(org, host);
	addOrgDocumentCommands(org, host);
	addActivation(org, host, "activate");
	addActivation(org, host, "deactivate");
	addTransfer(org, host);
	addOrgKeyCommands(org, host);
	addRotateKeyCommand(org, host);
	addOrgAccountCommands(org, host);
}

function addShowAndList(org: Command, host: CommandHost): void {
	addCommand(org, host, {
		usage: "show <did>",
		description: "show what the registry says about an organization",
		examples: ["orgpass org show did:orgid:100:0x… --network gnosis"],
		run: ({ context, options, operands: [did = ""] }) =>
			withRegistry(context, options, async (registry, chain) => {
				const record = await readOrganization(registry, parseTypedDid(did, chain.chainId));
				return { data: record, text: formatRecord(record) };
			}),
	});

	addCommand(org, host, {
		usage: "list",
		description: "list the registry's organizations, including inactive ones",
		examples: ["orgpass org list", "orgpass org list --network gnosis --json"],
		run: ({ context, options }) =>
			withRegistry(context, options, async (registry, { chainId }) => {
				const organizations = (await registry.list()).map((orgId) => formatDidUrl({ chainId, orgId }));
				return { data: { organizations }, text: organizations.join("\n") || "no organizations" };
			}),
	});
}

function addActivation(org: Command, host: CommandHost, verb: "activate" | "deactivate"): void {
	const active = verb === "activate";
	addCommand<OwnerFlags>(org, host, {
		usage: `${verb} <did>`,
		description: active ? "reactivate an organization" : "deactivate an organization: its tokens are refused",
		options: OWNER_OPTIONS,
		examples: [`orgpass org ${verb} did:orgid:… --owner-key owner.pem`],
		run: ({ context, options, operands: [typed = ""] }) =>
			withOwnerOf(context, options, typed, async (registry, { orgId, did }) => {
				const receipt = await registry.setActive(orgId, active);
				if (receipt !== undefined) return changeOutcome(did, receipt, `${verb}d ${did}`, { active });
				return { data: { did, active }, text: `${did} was already ${verb}d` };
			}),
	});
}

function addTransfer(org: Command, host: CommandHost): void {
	addCommand<OwnerFlags & { to: Address; revokeKeys?: boolean }>(org, host, {
		usage: "transfer <did>",
		description: "transfer an organization to another account, at once; its keys stay valid unless revoked",
		options: [
			makeRequired(parsed("--to <address>", "the new owner", parseAddress)),
			option("--revoke-keys", "revoke all its keys first"),
			...OWNER_OPTIONS,
		],
		examples: [`orgpass org transfer did:orgid:… --to 0x${"d1".repeat(20)} --revoke-keys --owner-key owner.pem`],
		run: ({ context, options: { to: newOwner, revokeKeys, ...options }, operands: [typed = ""] }) =>
			withOwnerOf(context, options, typed, async (registry, organization, account) => {
				const { orgId, did } = organization;
				const record = revokeKeys ? undefined : await registry.read(orgId);
				if (revokeKeys) await revokeBeforeTransfer(registry, organization, account.address);
				const receipt = await registry.transferOwnership(orgId, newOwner);
				const survivingKeys = record?.keys.map(({ fragment }) => fragment) ?? [];
				const note =
					survivingKeys.length === 0
						? "no keys survive"
						: `keys that survive, and that the old owner may still hold: ${survivingKeys.join(", ")}`;
				const facts = { owner: newOwner, survivingKeys };
				return changeOutcome(did, receipt, `${did} now belongs to ${newOwner}; ${note}`, facts);
			}),
	});
}

/** Also if the node shows no keys, because it may be behind. */
async function revokeBeforeTransfer(registry: Registry, did: CanonicalDidUrl, account: string): Promise<void> {
	const { owner } = await readOrganization(registry, did);
	// A director may revoke keys, but not transfer the organization.
	if (owner !== account)
		throw new RegistryError("registry/unauthorized", `${account} doesn't own ${did.did}: ${owner} does`);
	const { writes } = await registry.readAdapter();
	if (writes.revokeAllKeys !== undefined) await registry.revokeAllKeys(did.orgId);
}
