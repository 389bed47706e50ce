/**
 * `orgpass org`: create, show, list and change organizations.
 * @module
 */
import type { Command } from "commander";
import { getAddress, isAddress, ZeroAddress } from "ethers";
import { formatDidUrl } from "../../did/did-url.js";
import { describe, escapeText } from "../../encoding/display.js";
import { ConfigError, DidError } from "../../errors.js";
import type { Address, DocumentReference, OnChainKey, OrgRecord } from "../../registry/org-record.js";
import { addCommand, type CommandHost } from "../command.js";
import {
	changed,
	OWNER_FLAGS,
	type OwnerFlags,
	parseTypedDid,
	withOwner,
	withRegistry,
} from "../organization.js";
import { formatTime } from "../time.js";

interface DocumentFlags {
	readonly documentUri?: string[];
	readonly documentHash?: string;
}

const DOCUMENT_FLAGS = [
	["*--document-uri <uri>", "where its document is; again for up to two backups"],
	["--document-hash <hash>", "keccak256 of the document's bytes"],
] as const;

/** Adds `org create|show|list|set-document|activate|deactivate|transfer`. */
export function addOrgCommands(program: Command, host: CommandHost): Command {
	const org = program.command("org").description("create, show and change organizations");
	addReading(org, host);
	addCreating(org, host);
	addActivation(org, host, "activate", true);
	addActivation(org, host, "deactivate", false);
	addTransfer(org, host);
	return org;
}

function addReading(org: Command, host: CommandHost): void {
	addCommand(org, host, {
		usage: "show <did>",
		description: "show an organization as the registry has it",
		run: ({ io, options, operands: [did = ""] }) =>
			withRegistry(io, options, async (registry, chain) => {
				const { orgId, did: canonical } = parseTypedDid(did, chain.chainId);
				const record = await registry.read(orgId);
				if (record === undefined)
					throw new DidError("did/not-found", `there is no organization ${canonical}`);
				return { data: record, text: describeRecord(record) };
			}),
	});

	addCommand(org, host, {
		usage: "list",
		description: "list the organizations of the registry, inactive ones too",
		run: ({ io, options }) =>
			withRegistry(io, options, async (registry, { chainId }) => {
				const organizations = (await registry.list()).map((orgId) => formatDidUrl({ chainId, orgId }));
				return { data: { organizations }, text: organizations.join("\n") || "no organizations" };
			}),
	});
}

function addCreating(org: Command, host: CommandHost): void {
	addCommand<OwnerFlags & DocumentFlags & { salt?: string }>(org, host, {
		usage: "create",
		description: "create an organization owned by the account that signs",
		flags: [...OWNER_FLAGS, ["--salt <hex>", "32 bytes; random by default"], ...DOCUMENT_FLAGS],
		example: "orgpass org create --owner-key owner.pem",
		run: ({ io, options }) => {
			const document = readDocument(options);
			const salt = options.salt === undefined ? undefined : parseHash(options.salt, "salt");
			return withOwner(io, options, async (registry) => {
				const receipt = await registry.createOrganization({
					...(salt === undefined ? {} : { salt }),
					...(document === undefined ? {} : { document }),
				});
				return changed(receipt.did, receipt, `created ${receipt.did}`);
			});
		},
	});

	addCommand<OwnerFlags & DocumentFlags & { none?: boolean }>(org, host, {
		usage: "set-document <did>",
		description: "point to another document, or to none",
		flags: [
			...DOCUMENT_FLAGS,
			["--none", "the organization's keys on chain are all there is"],
			...OWNER_FLAGS,
		],
		run: ({ io, options, operands: [typed = ""] }) => {
			const document = readDocument(options);
			if ((document === undefined) !== (options.none === true)) {
				throw new ConfigError(
					"config/usage",
					"expected either --document-uri and --document-hash, or --none",
				);
			}
			return withOwner(io, options, async (registry, { chainId }) => {
				const { orgId, did } = parseTypedDid(typed, chainId);
				return changed(did, await registry.setDocument(orgId, document), `set the document of ${did}`);
			});
		},
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
		run: ({ io, options, operands: [typed = ""] }) =>
			withOwner(io, options, async (registry, { chainId }) => {
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
		run: ({ io, options, operands: [typed = ""] }) => {
			if (!isAddress(options.to) || getAddress(options.to) === ZeroAddress) {
				throw new ConfigError(
					"config/invalid-option",
					`--to must be an address, got ${describe(options.to)}`,
				);
			}
			const newOwner = getAddress(options.to) as Address;
			return withOwner(io, options, async (registry, { chainId }, account) => {
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

function readDocument({ documentUri, documentHash }: DocumentFlags): DocumentReference | undefined {
	if (documentUri === undefined && documentHash === undefined) return undefined;
	if (documentUri === undefined || documentHash === undefined) {
		throw new ConfigError("config/usage", "expected --document-uri and --document-hash together");
	}
	return { uris: documentUri, hash: parseHash(documentHash, "document-hash") };
}

function parseHash(text: string, option: string): `0x${string}` {
	if (/^0x[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase() as `0x${string}`;
	throw new ConfigError(
		"config/invalid-option",
		`--${option} must be 32 bytes as 0x…, got ${describe(text)}`,
		{
			details: { option },
		},
	);
}

function describeRecord(record: OrgRecord): string {
	const { did, owner, director, active, document, keys } = record;
	return [
		did,
		`owner     ${owner}`,
		`director  ${director ?? "none"}`,
		`state     ${active ? "active" : "deactivated"}`,
		`document  ${document === undefined ? "none" : document.uris.map(escapeText).join(" ")}`,
		...keys.map(describeKey),
	].join("\n");
}

function describeKey({ fragment, publicKeyHex, validFrom, validUntil }: OnChainKey): string {
	const from = validFrom === 0 ? "" : ` from ${formatTime(validFrom)}`;
	const until = validUntil === 0 ? "" : ` until ${formatTime(validUntil)}`;
	return `key       #${fragment}${from}${until} ${publicKeyHex}`;
}
