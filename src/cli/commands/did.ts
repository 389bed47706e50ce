/**
 * `orgpass did resolve`.
 * @module
 */
import type { Command } from "commander";
import type { DIDResolutionResult } from "did-resolver";
import { withWithheldMethods } from "../../did/withheld-methods.js";
import type { VerifiedCredential } from "../../document/document-checks.js";
import { formatTimeAway } from "../../encoding/format-time.js";
import type { OrgpassError } from "../../errors/errors.js";
import { escapeText, formatValue } from "../../errors/errors.js";
import { invalidOption } from "../../options/invalid-option.js";
import type { OnChainKey } from "../../registry/org-record.js";
import type { OrgIdDocumentMetadata } from "../../resolver/did-document.js";
import { createOrgIdResolver } from "../../resolver/resolver.js";
import { resolutionError } from "../../tokens/orgid/resolution-error.js";
import { addCommand, type CommandHost, type CommandSummary, type CommonFlags } from "../command.js";
import { exitCodeOf } from "../exit-code-of.js";
import { formatMethods } from "../format-methods.js";
import { printNote } from "../note.js";
import { observeWaits } from "../observe-waits.js";
import { option, parsed } from "../options.js";
import { withRegistry } from "../organization.js";
import type { Outcome } from "../outcome.js";
import { DOCUMENT_FETCH_OPTIONS, type DocumentFetchFlags, toDocumentOptions } from "../settings/document-fetching.js";
import { parseTime } from "../time.js";
import { parseTypedDid } from "../typed-did.js";

interface ResolveFlags extends CommonFlags, DocumentFetchFlags {
	readonly fragment?: string;
	readonly versionId?: string;
	readonly versionTime?: string;
}

export function addDidCommands(program: Command, host: CommandHost, { name, description }: CommandSummary): void {
	const did = program.command(name).description(description);
	addCommand<ResolveFlags>(did, host, {
		usage: "resolve <did>",
		description: "show an organization's keys and where each comes from",
		options: [
			option("--fragment <name>", "name of a key, to see if it was revoked on chain"),
			parsed("--version-id <block>", "as of this block, from an archive node", parseBlock).conflicts("versionTime"),
			parsed("--version-time <time>", "as of this time (seconds or ISO 8601)", parseDateTime),
			...DOCUMENT_FETCH_OPTIONS,
		],
		examples: ["orgpass did resolve did:orgid:100:0x… --network gnosis"],
		run: ({ context, options, operands: [typed = ""] }) =>
			withRegistry(context, options, async (registry, chain) => {
				const { did: canonical, fragment } = parseTypedDid(typed, chain.chainId);
				const resolver = createOrgIdResolver({
					networks: [{ chainId: chain.chainId, registry }],
					documents: toDocumentOptions(options, chain),
					observer: observeWaits(context),
				});
				const { versionId, versionTime } = options;
				const requested = { versionId, versionTime, fragment: options.fragment ?? fragment };
				const result = await resolver.resolve(canonical, requested);
				if (result.didDocument !== null) return toKeyOutcome(result, requested.fragment);
				const error = resolutionError(result, canonical);
				if (!error.code.startsWith("document/")) throw error;
				if (options.json !== true) {
					printNote(context, `to check the document: orgpass document check --did ${canonical}`);
				}
				const without = await resolver.resolve(canonical, { ...requested, fragment: "owner" });
				return toOutcomeWithoutDocument(without, error);
			}),
	});
}

/** The outcome if a key was asked for, which may not exist. */
function toKeyOutcome(result: DIDResolutionResult, fragment: string | undefined): Outcome {
	const { didDocument, didDocumentMetadata } = result;
	const { revokedKey, withheld, organization } = didDocumentMetadata as OrgIdDocumentMetadata;
	const outcome = toOutcome(result);
	if (didDocument === null || fragment === undefined || revokedKey !== undefined) return outcome;
	const { verificationMethod = [] } = withWithheldMethods(didDocument, withheld);
	if (verificationMethod.some(({ id }) => id === `${organization.did}#${fragment}`)) return outcome;
	const code = "did/key-not-found";
	return {
		data: { ...outcome.data, code, message: `there is no key #${fragment}` },
		text: `${outcome.text}\nkey       #${fragment}: no such key`,
		exitCode: exitCodeOf(code),
	};
}

/** The owner's account needs no document: shows the rest, and why the document isn't used. */
function toOutcomeWithoutDocument(result: DIDResolutionResult, error: OrgpassError): Outcome {
	const { didDocumentMetadata: metadata } = result;
	if (result.didDocument === null) throw error;
	if (metadata["documentError"] === undefined) return toOutcome(result);
	const { code, message } = error;
	const documentError = { code, message };
	const { data, text } = toOutcome({ ...result, didDocumentMetadata: { ...metadata, documentError } });
	return { data: { ...data, code, message }, text, exitCode: exitCodeOf(code) };
}

function parseBlock(text: string, option: string): string {
	if (/^\d{1,15}$/.test(text)) return String(Number(text));
	throw invalidOption(option, "a block number", { got: text });
}

function parseDateTime(text: string, option: string): string {
	return new Date(parseTime(text, option) * 1_000).toISOString();
}

function toOutcome(result: DIDResolutionResult): Outcome {
	const metadata = result.didDocumentMetadata as OrgIdDocumentMetadata;
	const { organization, versionId, deactivated = false, canonicalId, revokedKey } = metadata;
	const { owner, director, kind, registry, blockTimestamp } = organization;
	const at = blockTimestamp === undefined ? "" : ` of ${formatTimeAway(blockTimestamp)}`;
	const text = [
		canonicalId,
		`state     ${deactivated ? formatDeactivation(metadata) : "active"}`,
		`owner     ${owner}`,
		`director  ${director ?? "none"}`,
		`registry  ${registry} (${kind}), block ${versionId}${at}`,
		`document  ${formatDocument(metadata)}`,
		...formatMethods(result),
		...(revokedKey === undefined ? [] : [formatRevokedKey(revokedKey)]),
	].join("\n");
	return { data: result, text };
}

function formatDeactivation({ organization, orgJson }: OrgIdDocumentMetadata): string {
	if (!organization.active) return "deactivated on chain";
	return orgJson === undefined ? "deactivated" : "deactivated by its document";
}

function formatDocument({
	organization,
	documentUri,
	documentError,
	credential,
	orgJson,
}: OrgIdDocumentMetadata): string {
	const { document } = organization;
	if (document === undefined) return "none";
	const where = documentUri === undefined ? document.uris.map(formatValue).join(" ") : formatValue(documentUri);
	if (documentError !== undefined) {
		return `${where}\n          not used: ${escapeText(documentError.message)} (${documentError.code})`;
	}
	if (orgJson === undefined) return where;
	if (credential === undefined) return `${where}\n          verified by its hash on chain`;
	const { signer } = credential;
	const who = signer === "owner" ? "the owner" : `the delegate ${escapeText(signer)}`;
	return `${where}\n          verified by the proof of ${who}${formatValidity(credential)}`;
}

function formatValidity({ validFrom, validUntil }: VerifiedCredential): string {
	const now = Date.now() / 1_000;
	const refused = "tokens of its keys are refused";
	if (validUntil !== undefined && now >= validUntil) {
		return `, EXPIRED at ${formatTimeAway(Math.floor(validUntil))}; ${refused}`;
	}
	if (validFrom !== undefined && now < validFrom) {
		return `, NOT VALID before ${formatTimeAway(Math.floor(validFrom))}; ${refused}`;
	}
	const times = [
		...(validFrom === undefined ? [] : [`from ${formatTimeAway(Math.floor(validFrom))}`]),
		...(validUntil === undefined ? [] : [`until ${formatTimeAway(Math.floor(validUntil))}`]),
	];
	return times.length === 0 ? "" : `, valid ${times.join(" ")}`;
}

function formatRevokedKey({ fragment, revokedAt }: OnChainKey): string {
	return `key       #${fragment} from the registry: REVOKED ${formatTimeAway(revokedAt)}`;
}
