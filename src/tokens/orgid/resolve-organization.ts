/**
 * Resolves an issuer's organization with any did-resolver `Resolvable`, whose result isn't trusted to have the right
 * shape.
 * @module
 */
import type { DIDDocument, DIDDocumentMetadata, DIDResolutionResult, Resolvable } from "did-resolver";
import { type CanonicalDidUrl, formatDidUrl } from "../../did/did-url.js";
import { isDeactivated } from "../../did/method-period.js";
import { type WithheldMethods, withWithheldMethods } from "../../did/withheld-methods.js";
import type { CredentialValidity } from "../../document/credential/credential-validity.js";
import { formatTime } from "../../encoding/format-time.js";
import { DidError } from "../../errors/errors.js";
import type { OnChainKey, OrgRecord } from "../../registry/org-record.js";
import { resolutionError } from "./resolution-error.js";

export interface ResolvedOrganization {
	readonly document: DIDDocument;
	/** The registry's record, if the resolver provides it. */
	readonly organization?: OrgRecord | undefined;
	/** The validity of the credential around the organization's document, if there is one. */
	readonly credential?: CredentialValidity | undefined;
	/** The source of each verification method by its id; `document` is the organization's own document. */
	readonly methodSources?: Readonly<Record<string, string>> | undefined;
	/** The organization's own document, if our resolver has verified it. */
	readonly orgJson?: unknown;
	/** Why our resolver couldn't load it: a code and a message. */
	readonly documentError?: unknown;
	/** Whether our resolver used an expired cache entry because of an outage. */
	readonly isStale: boolean;
}

/** Metadata with the members that our resolver adds. */
type MaybeOrgIdMetadata = DIDDocumentMetadata &
	Omit<ResolvedOrganization, "document" | "isStale"> & {
		readonly revokedKey?: OnChainKey;
		readonly withheld?: WithheldMethods;
	};

/** Resolves an organization, and reads the result. */
export async function resolveOrganization(resolver: Resolvable, keyId: CanonicalDidUrl): Promise<ResolvedOrganization> {
	return toOrganization(await resolve(resolver, keyId), keyId);
}

/** Reads a resolution result; throws if the organization, or the key, is unknown, deactivated or revoked. */
export function toOrganization(result: DIDResolutionResult, keyId: CanonicalDidUrl): ResolvedOrganization {
	const metadata = result.didDocumentMetadata as MaybeOrgIdMetadata;
	const { deactivated = false, organization, revokedKey, withheld, ...rest } = metadata;
	if (deactivated !== false || organization?.active === false) throw deactivatedError(keyId);
	const { didDocument: document } = result;
	if (document === null || result.didResolutionMetadata.error !== undefined) {
		throw resolutionError(result, keyId.did);
	}
	if (isDeactivated(document)) throw deactivatedError(keyId);
	if (revokedKey !== undefined) {
		const { revokedAt } = revokedKey;
		const name = formatDidUrl(keyId);
		const details = { keyId: name, revokedAt };
		throw new DidError("did/key-revoked", `the key ${name} was revoked at ${formatTime(revokedAt)}`, { details });
	}
	if (organization !== undefined && organization.did !== keyId.did) {
		throw new DidError("did/document-invalid", `expected the organization ${keyId.did}, got another one`);
	}
	const { credential, methodSources, orgJson, documentError } = rest;
	return {
		document: withWithheldMethods(document, withheld),
		organization,
		credential,
		methodSources,
		orgJson,
		documentError,
		isStale: result.didResolutionMetadata["stale"] === true,
	};
}

function deactivatedError({ did }: CanonicalDidUrl): DidError {
	return new DidError("did/deactivated", `the organization ${did} is deactivated`);
}

async function resolve(resolver: Resolvable, keyId: CanonicalDidUrl): Promise<DIDResolutionResult> {
	try {
		const result: unknown = await resolver.resolve(keyId.did, { fragment: keyId.fragment });
		if (isResolutionResult(result)) return result;
	} catch (cause) {
		throw new DidError("did/resolution", `the resolver threw for ${keyId.did}`, { cause });
	}
	throw new DidError("did/resolution", `the resolver returned no resolution result for ${keyId.did}`);
}

/** Checks only the members that are read here. */
function isResolutionResult(value: unknown): value is DIDResolutionResult {
	if (!isObject(value) || !isObject(value["didResolutionMetadata"])) return false;
	const { didDocument, didDocumentMetadata } = value;
	if (!isObject(didDocumentMetadata) || !(didDocument === null || isObject(didDocument))) return false;
	const { organization, revokedKey, withheld, credential, methodSources } = didDocumentMetadata;
	const isOurs = isObject(organization) && isOrganization(organization);
	return (
		(organization === undefined || isOurs) &&
		(revokedKey === undefined || isObject(revokedKey)) &&
		(withheld === undefined || isWithheld(withheld)) &&
		(credential === undefined || isCredential(credential)) &&
		(methodSources === undefined || isObject(methodSources))
	);
}

function isOrganization({ did, active, keys }: Record<string, unknown>): boolean {
	return typeof did === "string" && typeof active === "boolean" && Array.isArray(keys) && keys.every(isKey);
}

function isKey(key: unknown): boolean {
	if (!isObject(key) || typeof key["fragment"] !== "string") return false;
	return Number.isFinite(key["validFrom"]) && Number.isFinite(key["validUntil"]);
}

function isWithheld(value: unknown): boolean {
	return isObject(value) && [value["verificationMethod"], value["authentication"]].every(Array.isArray);
}

function isCredential(value: unknown): boolean {
	if (!isObject(value)) return false;
	return [value["validFrom"], value["validUntil"]].every((time) => time === undefined || Number.isFinite(time));
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null;
}
