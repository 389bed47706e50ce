/**
 * `orgpass org create` and `set-document`: an organization and the location of its document.
 * @module
 */
import type { Command, Option } from "commander";
import { isSubjectDid } from "../../../did/did-aliases.js";
import type { CanonicalDidUrl } from "../../../did/did-url.js";
import { hashDocument } from "../../../document/document-hash.js";
import { parseDocumentJson } from "../../../document/document-json.js";
import { type ConfigError, formatValue, isOrgpassError } from "../../../errors/errors.js";
import type { DocumentReference } from "../../../registry/org-record.js";
import type { Registry } from "../../../registry/registry.js";
import { addCommand, type CommandHost } from "../../command.js";
import type { CliContext } from "../../context.js";
import { inspectOrgJson, readDocumentBytes, subjectOf } from "../../document-file.js";
import { printNote } from "../../note.js";
import { option, parsed, repeatable, usageError } from "../../options.js";
import {
	changeOutcome,
	OWNER_OPTIONS,
	type OwnerFlags,
	parseHash,
	withOwner,
	withOwnerOf,
} from "../../organization.js";

interface DocumentFlags {
	readonly documentUri?: string[];
	readonly documentHash?: `0x${string}`;
	readonly documentFile?: string;
}

/** The document given by the options, before it is known what the registry stores. */
interface RequestedDocument {
	readonly uris: readonly string[];
	readonly hash: `0x${string}` | undefined;
	readonly bytes: Uint8Array | undefined;
}

const DOCUMENT_OPTIONS: readonly Option[] = [
	repeatable("--document-uri <uri>", "address of the document; may be repeated for up to two backups"),
	parsed("--document-hash <hash>", "keccak256 of the document's bytes; not for orgid-v3", parseHash),
	option("--document-file <file>", "the document as published, to compute its hash").conflicts("documentHash"),
];

export function addOrgDocumentCommands(org: Command, host: CommandHost): void {
	addCommand<OwnerFlags & DocumentFlags & { salt?: `0x${string}` }>(org, host, {
		usage: "create",
		description: "create an organization owned by the account that signs",
		options: [...OWNER_OPTIONS, parsed("--salt <hex>", "32 bytes; random by default", parseHash), ...DOCUMENT_OPTIONS],
		examples: ["orgpass org create --owner-key owner.pem"],
		run: async ({ context, options }) => {
			const requested = await readDocumentFlags(context, options);
			return withOwner(context, options, async (registry) => {
				const { documentEvidence } = await registry.readAdapter();
				if (requested === undefined && documentEvidence === "proof") throw missingUri();
				const document = requested && (await toReference(context, registry, requested));
				const receipt = await registry.createOrganization({ salt: options.salt, document });
				if (!options.json) printNote(context, `transaction ${receipt.transactionHash}`);
				return { data: receipt, text: receipt.did };
			});
		},
	});

	addCommand<OwnerFlags & DocumentFlags & { none?: boolean; force?: boolean }>(org, host, {
		usage: "set-document <did>",
		description: "change where an organization's document is, or remove it",
		options: [
			...DOCUMENT_OPTIONS,
			option("--none", "no document: the organization has only its keys on chain").conflicts("documentUri"),
			option("--force", "set a document that names another organization"),
			...OWNER_OPTIONS,
		],
		examples: ["orgpass org set-document did:orgid:… --document-uri https://… --document-file org.json"],
		run: async ({ context, options, operands: [typed = ""] }) => {
			const requested = await readDocumentFlags(context, options);
			if (requested === undefined && !options.none) throw usageError("expected --document-uri or --none");
			return withOwnerOf(context, options, typed, async (registry, did) => {
				if (requested?.bytes !== undefined) {
					assertOwnDocument(context, requested.bytes, did, options.force === true);
				}
				const document = requested && (await toReference(context, registry, requested));
				const receipt = await registry.setDocument(did.orgId, document);
				return changeOutcome(did.did, receipt, `set the document of ${did.did}`);
			});
		},
	});
}

async function readDocumentFlags(
	context: CliContext,
	{ documentUri, documentHash, documentFile }: DocumentFlags,
): Promise<RequestedDocument | undefined> {
	if (documentUri === undefined) {
		if (documentHash === undefined && documentFile === undefined) return undefined;
		throw usageError("--document-hash and --document-file require --document-uri");
	}
	const bytes = documentFile === undefined ? undefined : await readDocumentBytes(context, documentFile);
	return { uris: documentUri, hash: documentHash, bytes };
}

function missingUri(): ConfigError {
	return usageError(
		"expected --document-uri, the address where you will publish the document; build and sign it afterwards, with the DID printed",
	);
}

/** Readers refuse another organization's document: the file or the DID is probably wrong. */
function assertOwnDocument(context: CliContext, bytes: Uint8Array, did: CanonicalDidUrl, isForced: boolean): void {
	const id = documentId(bytes);
	if (id === undefined || isSubjectDid(id, did)) return;
	const problem = `the document is another organization's: ${formatValue(id)}`;
	if (!isForced) throw usageError(`${problem}; --force sets it anyway`);
	context.stderr(`warning: ${problem}\n`);
}

/** The id in a document, even if the rest of the document is invalid. */
function documentId(bytes: Uint8Array): unknown {
	try {
		return subjectOf(parseDocumentJson(bytes))["id"];
	} catch (error) {
		if (isOrgpassError(error)) return undefined;
		throw error;
	}
}

/** A registry whose documents are verified by a proof stores no hash; others require one. */
async function toReference(
	context: CliContext,
	registry: Registry,
	{ uris, hash, bytes }: RequestedDocument,
): Promise<DocumentReference> {
	if (bytes !== undefined) inspectOrgJson(context, bytes);
	const computed = bytes === undefined ? hash : hashDocument(bytes);
	const { name, documentEvidence } = await registry.readAdapter();
	if (documentEvidence === "proof") {
		if (bytes !== undefined) printNote(context, `an ${name} registry stores no hash: only the URI is set`);
		return { uris, ...(hash === undefined ? {} : { hash }) };
	}
	if (computed !== undefined) return { uris, hash: computed };
	throw usageError("--document-uri requires --document-hash or --document-file");
}
