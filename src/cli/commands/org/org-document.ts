/**
 * `orgpass org create` and `set-document`: an organization and where its document is.
 * @module
 */
import type { Command } from "commander";
import { isSubjectDid } from "../../../did/did-aliases.js";
import type { CanonicalDidUrl } from "../../../did/did-url.js";
import { ConfigError } from "../../../errors/errors.js";
import { formatValue } from "../../../errors/format-value.js";
import type { DocumentReference } from "../../../registry/org-record.js";
import type { Registry } from "../../../registry/registry.js";
import { addCommand, type CommandHost } from "../../command.js";
import type { CliContext } from "../../context.js";
import { documentId, hashForRegistry, readDocumentBytes } from "../../document-file.js";
import {
	changed,
	OWNER_FLAGS,
	type OwnerFlags,
	parseHash,
	parseTypedDid,
	withOwner,
} from "../../organization.js";

interface DocumentFlags {
	readonly documentUri?: string[];
	readonly documentHash?: string;
	readonly documentFile?: string;
}

/** What the flags say, before it is known what the registry keeps. */
interface AskedDocument {
	readonly uris: readonly string[];
	readonly hash?: `0x${string}`;
	readonly bytes?: Uint8Array;
}

const DOCUMENT_FLAGS = [
	["*--document-uri <uri>", "where its document is; again for up to two backups"],
	["--document-hash <hash>", "keccak256 of the document's bytes; none in orgid-v3"],
	["--document-file <file>", "the document as it is published, to compute the hash of"],
] as const;

/** Adds `org create|set-document`. */
export function addOrgDocumentCommands(org: Command, host: CommandHost): void {
	addCommand<OwnerFlags & DocumentFlags & { salt?: string }>(org, host, {
		usage: "create",
		description: "create an organization owned by the account that signs",
		flags: [...OWNER_FLAGS, ["--salt <hex>", "32 bytes; random by default"], ...DOCUMENT_FLAGS],
		example: "orgpass org create --owner-key owner.pem",
		run: async ({ context, options }) => {
			const asked = await readDocumentFlags(context, options);
			const salt = options.salt === undefined ? undefined : parseHash(options.salt, "salt");
			return withOwner(context, options, async (registry) => {
				const { documentEvidence } = await registry.readAdapter();
				if (asked === undefined && documentEvidence === "proof") throw missingUri();
				const document = asked && (await toReference(context, registry, asked));
				const receipt = await registry.createOrganization({
					...(salt === undefined ? {} : { salt }),
					...(document === undefined ? {} : { document }),
				});
				return changed(receipt.did, receipt, `created ${receipt.did}`);
			});
		},
	});

	addCommand<OwnerFlags & DocumentFlags & { none?: boolean; force?: boolean }>(org, host, {
		usage: "set-document <did>",
		description: "point to another document, or to none",
		flags: [
			...DOCUMENT_FLAGS,
			["--none", "the organization's keys on chain are all there is"],
			["--force", "set a document that says it is another organization's"],
			...OWNER_FLAGS,
		],
		example: "orgpass org set-document did:orgid:… --document-uri https://… --document-file org.json",
		run: async ({ context, options, operands: [typed = ""] }) => {
			const asked = await readDocumentFlags(context, options);
			if ((asked === undefined) !== (options.none === true)) {
				throw new ConfigError("config/usage", "expected either --document-uri, or --none");
			}
			return withOwner(context, options, async (registry, { chainId }) => {
				const did = parseTypedDid(typed, chainId);
				if (asked?.bytes !== undefined) refuseForeign(context, asked.bytes, did, options.force === true);
				const document = asked && (await toReference(context, registry, asked));
				const receipt = await registry.setDocument(did.orgId, document);
				return changed(did.did, receipt, `set the document of ${did.did}`);
			});
		},
	});
}

async function readDocumentFlags(
	context: CliContext,
	{ documentUri, documentHash, documentFile }: DocumentFlags,
): Promise<AskedDocument | undefined> {
	if (documentHash !== undefined && documentFile !== undefined) {
		throw new ConfigError("config/usage", "expected either --document-hash or --document-file");
	}
	if (documentUri === undefined) {
		if (documentHash === undefined && documentFile === undefined) return undefined;
		throw new ConfigError("config/usage", "expected --document-uri with --document-hash or --document-file");
	}
	return {
		uris: documentUri,
		...(documentHash === undefined ? {} : { hash: parseHash(documentHash, "document-hash") }),
		...(documentFile === undefined ? {} : { bytes: await readDocumentBytes(context, documentFile) }),
	};
}

function missingUri(): ConfigError {
	return new ConfigError(
		"config/usage",
		"give --document-uri, the address where you will publish it; build and sign it afterwards with the DID printed",
	);
}

/** No reader takes it: a wrong file, most likely, or the wrong organization. */
function refuseForeign(
	context: CliContext,
	bytes: Uint8Array,
	did: CanonicalDidUrl,
	isForced: boolean,
): void {
	const id = documentId(bytes);
	if (id === undefined || isSubjectDid(id, did)) return;
	const what = `the document is another organization's: ${formatValue(id)}`;
	if (!isForced) throw new ConfigError("config/usage", `${what}; --force sets it all the same`);
	context.stderr(`warning: ${what}\n`);
}

/** A registry with proofs keeps no hash; all others can't do without. */
async function toReference(
	context: CliContext,
	registry: Registry,
	{ uris, hash, bytes }: AskedDocument,
): Promise<DocumentReference> {
	const computed = bytes === undefined ? hash : hashForRegistry(context, bytes);
	const { name, documentEvidence } = await registry.readAdapter();
	if (documentEvidence === "proof") {
		if (bytes !== undefined)
			context.stderr(`a registry of kind ${name} keeps no hash: the URI alone is set\n`);
		return { uris, ...(hash === undefined ? {} : { hash }) };
	}
	if (computed !== undefined) return { uris, hash: computed };
	throw new ConfigError("config/usage", "expected --document-hash or --document-file with --document-uri");
}
