/**
 * DID resolution results (DID Resolution 4.1, 7): did-resolver's shape with orgpass's error codes.
 * @module
 */
import type { DIDResolutionResult } from "did-resolver";
import { parseDateTime } from "../encoding/date-time.js";
import type { ErrorCode } from "../errors/codes.js";
import { isOrgpassError, type OrgpassError } from "../errors/errors.js";
import { OUTAGE_CODES } from "../errors/outage-codes.js";
import type { OnChainKey, OrgRecord } from "../registry/org-record.js";
import { type OrgIdDocument, type OrgIdDocumentMetadata, toDidDocument } from "./did-document.js";
import type { KnownOrganization } from "./known-organization.js";

interface BuiltDocument extends OrgIdDocument {
	readonly record: OrgRecord;
	readonly revokedKeys: ReadonlyMap<string, OnChainKey> | undefined;
	readonly wasDeactivated: boolean | undefined;
}

/** Keyed by the organization's document, so that what was built from it is dropped with it. */
const documents = new WeakMap<object, Map<string, BuiltDocument>>();

/** The result for an organization that was found. */
export function toSuccess(found: KnownOrganization, did: string, now: number): DIDResolutionResult {
	const { record, document, uri, failure, wasDeactivated = false, revokedKey, isStale = false } = found;
	const { document: didDocument, withheld, sources } = documentOf(found, did, now);
	const { created, updated, deactivated = false, subject } = document?.orgJson ?? {};
	const didDocumentMetadata: OrgIdDocumentMetadata = {
		canonicalId: record.did,
		versionId: String(record.blockNumber),
		...(created !== undefined && parseDateTime(created) !== undefined ? { created } : {}),
		...(updated !== undefined && parseDateTime(updated) !== undefined ? { updated } : {}),
		organization: record,
		...(withheld === undefined ? {} : { withheld }),
		methodSources: sources,
		...(record.active && !deactivated && !wasDeactivated ? {} : { deactivated: true }),
		...(revokedKey === undefined ? {} : { revokedKey }),
		...(document?.credential === undefined ? {} : { credential: document.credential }),
		...(subject === undefined ? {} : { orgJson: subject }),
		...(uri === undefined ? {} : { documentUri: uri }),
		...(failure === undefined ? {} : { documentError: { code: failure.code, message: failure.message } }),
	};
	return {
		"@context": "https://w3id.org/did-resolution/v1",
		didDocument,
		didDocumentMetadata,
		didResolutionMetadata: { contentType: "application/did+ld+json", ...(isStale && { stale: true }) },
	};
}

/** Drops what was built for an organization: whoever needs it again has it built again. */
export function forgetDocument({ record, document }: KnownOrganization): void {
	documents.delete(document ?? record);
}

/** The period from a time to another in which the result stays the same, if nothing about the organization changes. */
export function steadyPeriodOf(found: KnownOrganization, did: string, now: number): readonly [number, number] {
	return documentOf(found, did, now).steady;
}

/** did-resolver's name and the W3C draft's name of an error; any other code is an internal error. */
const RESOLUTION_ERRORS: Partial<Record<ErrorCode, readonly [string, string]>> = {
	"did/syntax": ["invalidDid", "INVALID_DID"],
	"did/chain-missing": ["invalidDid", "INVALID_DID"],
	"did/chain-unknown": ["unknownNetwork", "METHOD_NOT_SUPPORTED"],
	"did/not-found": ["notFound", "NOT_FOUND"],
	"did/version-not-found": ["notFound", "NOT_FOUND"],
	"did/method-unsupported": ["unsupportedDidMethod", "METHOD_NOT_SUPPORTED"],
	"did/document-invalid": ["invalidDidDocument", "INVALID_DID_DOCUMENT"],
};

/** The result of a resolution that failed. */
export function toFailure(error: unknown): DIDResolutionResult {
	const known: Pick<OrgpassError, "code" | "message"> | undefined = isOrgpassError(error) ? error : undefined;
	const { code, message } = known ?? { code: "did/resolution", message: "the resolver failed" };
	const [name, type] = errorNames(code);
	const problemDetails = { type: `https://www.w3.org/ns/did#${type}`, title: code, detail: message };
	const didResolutionMetadata = { error: name, code, message, problemDetails };
	// For the verifier's log. Not enumerable, so that a published result doesn't contain it.
	Object.defineProperty(didResolutionMetadata, "cause", { value: error });
	return { didDocument: null, didDocumentMetadata: {}, didResolutionMetadata };
}

function errorNames(code: ErrorCode): readonly [string, string] {
	const isBadDocument = code.startsWith("document/") && !OUTAGE_CODES.has(code);
	if (isBadDocument) return ["invalidDidDocument", "INVALID_DID_DOCUMENT"];
	return RESOLUTION_ERRORS[code] ?? ["internalError", "INTERNAL_ERROR"];
}

function documentOf(found: KnownOrganization, did: string, now: number): OrgIdDocument {
	const { record, document, revokedKeys, wasDeactivated } = found;
	const spellings = documents.get(document ?? record) ?? new Map<string, BuiltDocument>();
	documents.set(document ?? record, spellings);
	const known = spellings.get(did);
	if (known !== undefined && isCurrent(known, found, now)) return known;
	const options = { revokedKeys, wasDeactivated };
	const built = { ...toDidDocument(record, document, did, now, options), record, ...options };
	spellings.set(did, built);
	return built;
}

function isCurrent(
	{ record, revokedKeys, wasDeactivated, steady: [from, until] }: BuiltDocument,
	found: KnownOrganization,
	now: number,
): boolean {
	const isSame =
		record === found.record && revokedKeys === found.revokedKeys && wasDeactivated === found.wasDeactivated;
	return isSame && now >= from && now < until;
}
