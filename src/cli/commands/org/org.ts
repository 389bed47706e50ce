/**
 * `orgpass org`: show, list, switch and give away organizations.
 * @module
 */
import type { Command } from "commander";
import { formatDidUrl } from "../../../did/did-url.js";
import { escapeText } from "../../../errors/format-value.js";
import type { OnChainKey, OrgRecord } from "../../../registry/org-record.js";
import { addCommand, type CommandHost } from "../../command.js";
import {
	changed,
	OWNER_FLAGS,
	type OwnerFlags,
	parseAddress,
	parseTypedDid,
	readOrganization,
	withOwner,
	withRegistry,
} from "../../organization.js";
import { formatTime } from "../../time.js";
import { addOrgAccountCommands } from "./org-accounts.js";
import { addOrgDocumentCommands } from "./org-document.js";
import { addOrgKeyCommands } from "./org-keys.js";
import { addRotateKeyCommand } from "./rotate-key.js";

/** Adds `org` and its commands. */
export function addOrgCommands(program: Command, host: CommandHost): void {
	const org = program.command("org").description("create, show and change organizations");
	addReading(org, host);
	addOrgDocumentCommands(org, host);
	addActivation(org, host, "activate", true);
	addActivation(org, host, "deactivate", false);
	addTransfer(org, host);
	addOrgKeyCommands(org, host);
	addRotateKeyCommand(org, host);
	addOrgAccountCommands(org, host);
}

function addReading(org: Command, host: CommandHost): void {
	addCommand(org, host, {
		usage: "show <did>",
		description: "show an organization as the registry has it",
		run: ({ context, options, operands: [did = ""] }) =>
			withRegistry(context, options, async (registry, chain) => {
				const record = await readOrganization(registry, parseTypedDid(did, chain.chainId));
				return { data: record, text: describeRecord(record) };
			}),
	});

	addCommand(org, host, {
		usage: "list",
		description: "list the organizations of the registry, inactive ones too",
		run: ({ context, options }) =>
			withRegistry(context, options, async (registry, { chainId }) => {
				const organizations = (await registry.list()).map((orgId) => formatDidUrl({ chainId, orgId }));
				return { data: { organizations }, text: organizations.join("\n") || "no organizations" };
			}),
	});
}

function addActivation(
	org: Command,
	host: CommandHost,
	verb: "activate" | "deactivate",
	active: boolean,
): void {
	addCommand<OwnerFlags>(org, host, {
		usage: `${verb} <did>`,
		description: active
			? "switch an organization on again"
			: "switch an organization off: its tokens are refused",
		flags: OWNER_FLAGS,
		run: ({ context, options, operands: [typed = ""] }) =>
			withOwner(context, options, async (registry, { chainId }) => {
				const { orgId, did } = parseTypedDid(typed, chainId);
				const receipt = await registry.setActive(orgId, active);
				if (receipt !== undefined) return changed(did, receipt, `${verb}d ${did}`, { active });
				return { data: { did, active }, text: `${did} was ${verb}d already` };
			}),
	});
}

function addTransfer(org: Command, host: CommandHost): void {
	addCommand<OwnerFlags & { to: string; revokeKeys?: boolean }>(org, host, {
		usage: "transfer <did>",
		description: "give an organization to another account, at once; its keys survive unless revoked",
		flags: [
			["!--to <address>", "the new owner"],
			["--revoke-keys", "revoke all its keys first"],
			...OWNER_FLAGS,
		],
		run: ({ context, options, operands: [typed = ""] }) => {
			const newOwner = parseAddress(options.to, "to");
			return withOwner(context, options, async (registry, { chainId }, account) => {
				const { orgId, did } = parseTypedDid(typed, chainId);
				const before = await registry.read(orgId);
				const hasKeys = before?.owner === account.address && before.keys.length > 0;
				if (options.revokeKeys && hasKeys) await registry.revokeAllKeys(orgId);
				const record = options.revokeKeys ? await registry.read(orgId) : before;
				const receipt = await registry.transferOwnership(orgId, newOwner);
				const survivingKeys = record?.keys.map(({ fragment }) => fragment) ?? [];
				const note =
					survivingKeys.length === 0
						? "no keys survive"
						: `keys that survive, and that the old owner may still hold: ${survivingKeys.join(", ")}`;
				const facts = { owner: newOwner, survivingKeys };
				return changed(did, receipt, `${did} now belongs to ${newOwner}; ${note}`, facts);
			});
		},
	});
}

function describeRecord(record: OrgRecord): string {
	const { did, owner, director, active, document, delegates, keys, kind, registry } = record;
	return [
		did,
		`owner     ${owner}`,
		`director  ${director ?? "none"}`,
		`state     ${active ? "active" : "deactivated"}`,
		`registry  ${registry} (${kind})`,
		`document  ${document === undefined ? "none" : document.uris.map(escapeText).join(" ")}`,
		...(document?.hash === undefined ? [] : [`hash      ${document.hash}`]),
		...(delegates ?? []).map((delegate) => `delegate  ${escapeText(delegate)}`),
		...keys.map(describeKey),
	].join("\n");
}

function describeKey({ fragment, publicKeyHex, validFrom, validUntil }: OnChainKey): string {
	const from = validFrom === 0 ? "" : ` from ${formatTime(validFrom)}`;
	const until = validUntil === 0 ? "" : ` until ${formatTime(validUntil)}`;
	return `key       #${fragment}${from}${until} ${publicKeyHex}`;
}
