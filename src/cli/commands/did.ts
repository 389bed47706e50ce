/**
 * `orgpass did resolve`.
 * @module
 */
import type { Command } from "commander";
import type { DIDResolutionOptions, DIDResolutionResult, VerificationMethod } from "did-resolver";
import type { VerifiedCredential } from "../../document/check-document.js";
import { isRevoked } from "../../document/document-methods.js";
import { ConfigError, type OrgpassError } from "../../errors/errors.js";
import { escapeText, formatValue } from "../../errors/format-value.js";
import { invalidOption } from "../../options/invalid-option.js";
import type { OnChainKey } from "../../registry/org-record.js";
import type { OrgIdDocumentMetadata } from "../../resolver/did-document.js";
import { createOrgIdResolver } from "../../resolver/resolver.js";
import { resolutionError } from "../../tokens/orgid/resolution-error.js";
import { addCommand, type CommandHost, type CommonFlags, type Outcome } from "../command.js";
import { exitCodeOf } from "../exit-code.js";
import { parseTypedDid, withRegistry } from "../organization.js";
import {
	DOCUMENT_FETCH_FLAGS,
	type DocumentFetchFlags,
	documentOptions,
} from "../settings/document-fetching.js";
import { formatTime, parseTime } from "../time.js";

interface ResolveFlags extends CommonFlags, DocumentFetchFlags {
	readonly fragment?: string;
	readonly versionId?: string;
	readonly versionTime?: string;
}

/** Adds `did resolve`. */
export function addDidCommands(program: Command, host: CommandHost): void {
	const did = program.command("did").description("DIDs of organizations");
	addCommand<ResolveFlags>(did, host, {
		usage: "resolve <did>",
		description: "show an organization's keys and where each comes from",
		flags: [
			["--fragment <name>", "the key that is wanted: tells whether it was revoked on chain"],
			["--version-id <block>", "as of this block, from an archive node"],
			["--version-time <time>", "as of this time, seconds or ISO 8601"],
			...DOCUMENT_FETCH_FLAGS,
		],
		example: "orgpass did resolve did:orgid:100:0x… --network gnosis",
		run: ({ context, options, operands: [typed = ""] }) =>
			withRegistry(context, options, async (registry, chain) => {
				const { did: canonical, fragment } = parseTypedDid(typed, chain.chainId);
				const resolver = createOrgIdResolver({
					networks: [{ chainId: chain.chainId, registry }],
					documents: documentOptions(options, chain),
				});
				const wanted = options.fragment ?? fragment;
				const result = await resolver.resolve(canonical, readOptions(options, wanted));
				if (result.didDocument !== null) return toOutcome(result);
				const error = resolutionError(result, canonical);
				if (!error.code.startsWith("document/")) throw error;
				if (options.json !== true) {
					context.stderr(`every check of the document: orgpass document check --did ${canonical}\n`);
				}
				const without = await resolver.resolve(canonical, readOptions(options, "owner"));
				return withoutDocument(without, error);
			}),
	});
}

/** The owner's account stands without the document: the rest is shown, and why there is no document. */
function withoutDocument(result: DIDResolutionResult, error: OrgpassError): Outcome {
	const { didDocumentMetadata: metadata } = result;
	if (result.didDocument === null) throw error;
	if (metadata["documentError"] === undefined) return toOutcome(result);
	const { code, message } = error;
	const told = { ...result, didDocumentMetadata: { ...metadata, documentError: { code, message } } };
	const { data, text } = toOutcome(told);
	return { data: { ...data, code, message }, text, exitCode: exitCodeOf(code) };
}

function readOptions(
	{ versionId, versionTime }: ResolveFlags,
	fragment: string | undefined,
): DIDResolutionOptions {
	if (versionId !== undefined && versionTime !== undefined) {
		throw new ConfigError("config/usage", "expected either --version-id or --version-time");
	}
	if (versionId !== undefined && !/^\d{1,15}$/.test(versionId)) {
		throw invalidOption("versionId", "a block number", { label: "--version-id", got: versionId });
	}
	return {
		...(fragment === undefined ? {} : { fragment }),
		...(versionId === undefined ? {} : { versionId: String(Number(versionId)) }),
		...(versionTime === undefined ? {} : { versionTime: toDateTime(versionTime) }),
	};
}

function toDateTime(text: string): string {
	return new Date(parseTime(text, "--version-time") * 1_000).toISOString();
}

function toOutcome(result: DIDResolutionResult): Outcome {
	const metadata = result.didDocumentMetadata as OrgIdDocumentMetadata;
	const { organization, versionId, deactivated = false, canonicalId, revokedKey } = metadata;
	const { owner, director, kind, registry, blockTimestamp } = organization;
	const at = blockTimestamp === undefined ? "" : ` of ${formatTime(blockTimestamp)}`;
	const { verificationMethod = [], authentication = [] } = result.didDocument ?? {};
	const text = [
		canonicalId,
		`state     ${deactivated ? describeEnd(metadata) : "active"}`,
		`owner     ${owner}`,
		`director  ${director ?? "none"}`,
		`registry  ${registry} (${kind}), block ${versionId}${at}`,
		`document  ${describeDocument(metadata)}`,
		...verificationMethod.map((method) => describeMethod(method, authentication, metadata)),
		...(revokedKey === undefined ? [] : [describeRevoked(revokedKey)]),
	].join("\n");
	return { data: result, text };
}

function describeEnd({ organization, orgJson }: OrgIdDocumentMetadata): string {
	if (!organization.active) return "deactivated on chain";
	return orgJson === undefined ? "deactivated" : "deactivated by its document";
}

function describeDocument({
	organization,
	documentUri,
	documentError,
	credential,
	orgJson,
}: OrgIdDocumentMetadata): string {
	const { document } = organization;
	if (document === undefined) return "none";
	const where =
		documentUri === undefined ? document.uris.map(formatValue).join(" ") : formatValue(documentUri);
	if (documentError !== undefined) {
		return `${where}\n          not used: ${escapeText(documentError.message)} (${documentError.code})`;
	}
	if (orgJson === undefined) return where;
	if (credential === undefined) return `${where}\n          verified by its hash on chain`;
	const { signer } = credential;
	const who = signer === "owner" ? "the owner" : `the delegate ${escapeText(signer)}`;
	return `${where}\n          verified by the proof of ${who}${describeValidity(credential)}`;
}

function describeValidity({ validFrom, validUntil }: VerifiedCredential): string {
	const now = Date.now() / 1_000;
	const refused = "tokens of its keys are refused";
	if (validUntil !== undefined && now >= validUntil) {
		return `, EXPIRED at ${formatTime(Math.floor(validUntil))}; ${refused}`;
	}
	if (validFrom !== undefined && now < validFrom) {
		return `, NOT VALID before ${formatTime(Math.floor(validFrom))}; ${refused}`;
	}
	const times = [
		...(validFrom === undefined ? [] : [`from ${formatTime(Math.floor(validFrom))}`]),
		...(validUntil === undefined ? [] : [`until ${formatTime(Math.floor(validUntil))}`]),
	];
	return times.length === 0 ? "" : `, valid ${times.join(" ")}`;
}

function describeMethod(
	method: VerificationMethod & { readonly revoked?: unknown },
	authentication: readonly (string | VerificationMethod)[],
	{ methodSources, documentUri, organization }: OrgIdDocumentMetadata,
): string {
	const source = methodSources[method.id] ?? "document";
	const places = {
		registry: "the registry",
		account: "the registry's accounts",
		document: documentUri === undefined ? "the document" : `the document ${formatValue(documentUri)}`,
	};
	const name = method.id.startsWith(`${organization.did}#`)
		? method.id.slice(organization.did.length)
		: method.id;
	const key = organization.keys.find(({ fragment }) => source === "registry" && `#${fragment}` === name);
	const account = method["blockchainAccountId"];
	const facts = [
		method.type,
		...(account === undefined ? [] : [String(account)]),
		...(key === undefined ? [] : describeTimes(key)),
		...(method.revoked === undefined ? [] : [describeRevocation(method)]),
		...(authentication.includes(method.id) || source === "account" ? [] : ["not for authentication"]),
	];
	return `key       ${escapeText(name)} from ${places[source]}: ${escapeText(facts.join(", "))}`;
}

function describeRevocation(method: VerificationMethod & { readonly revoked?: unknown }): string {
	const word = isRevoked(method, Date.now() / 1_000) ? "REVOKED" : "to be revoked";
	return `${word} ${String(method.revoked)}`;
}

function describeTimes({ validFrom, validUntil }: OnChainKey): string[] {
	return [
		...(validFrom === 0 ? [] : [`valid from ${formatTime(validFrom)}`]),
		...(validUntil === 0 ? [] : [`valid until ${formatTime(validUntil)}`]),
	];
}

function describeRevoked({ fragment, revokedAt }: OnChainKey): string {
	return `key       #${fragment} from the registry: REVOKED ${formatTime(revokedAt)}`;
}
