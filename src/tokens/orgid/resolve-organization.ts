/**
 * The organization behind an issuer, from any did-resolver `Resolvable`: its answer is read defensively,
 * for a resolver may be anybody's.
 * @module
 */
import type { DIDDocument, DIDDocumentMetadata, DIDResolutionResult, Resolvable } from "did-resolver";
import { type CanonicalDidUrl, formatDidUrl } from "../../did/did-url.js";
import type { CredentialValidity } from "../../document/credential/credential-validity.js";
import { DidError } from "../../errors/errors.js";
import type { OnChainKey, OrgRecord } from "../../registry/org-record.js";
import { resolutionError } from "./resolution-error.js";

/** What is known of an organization that exists and is active. */
export interface ResolvedOrganization {
	readonly document: DIDDocument;
	/** The registry's record, where the resolver gives it. */
	readonly organization?: OrgRecord;
	/** When the credential around the organization's document is in force, where there is one. */
	readonly credential?: CredentialValidity;
	/** Where each method comes from, by its id; `document` is the organization's own. */
	readonly methodSources?: Readonly<Record<string, string>>;
}

/** The metadata of a resolver that may be ours. */
type MaybeOrgIdMetadata = DIDDocumentMetadata &
	Omit<ResolvedOrganization, "document"> & { readonly revokedKey?: OnChainKey };

/** Resolves an organization, and refuses what the chain says against it or against the key asked for. */
export async function resolveOrganization(
	resolver: Resolvable,
	keyId: CanonicalDidUrl,
): Promise<ResolvedOrganization> {
	const result = await resolve(resolver, keyId);
	const metadata = result.didDocumentMetadata as MaybeOrgIdMetadata;
	const { deactivated = false, organization, revokedKey, credential, methodSources } = metadata;
	if (deactivated !== false || organization?.active === false) {
		throw new DidError("did/deactivated", `the organization ${keyId.did} is deactivated`);
	}
	const { didDocument: document } = result;
	if (document === null || result.didResolutionMetadata.error !== undefined) {
		throw resolutionError(result, keyId.did);
	}
	if (revokedKey !== undefined) {
		const { revokedAt } = revokedKey;
		const name = formatDidUrl(keyId);
		throw new DidError("did/key-revoked", `the key ${name} was revoked at ${revokedAt}`, {
			details: { keyId: name, revokedAt },
		});
	}
	if (organization !== undefined && organization.did !== keyId.did) {
		throw new DidError("did/document-invalid", `expected the organization ${keyId.did}, got another one`);
	}
	return {
		document,
		...(organization === undefined ? {} : { organization }),
		...(credential === undefined ? {} : { credential }),
		...(methodSources === undefined ? {} : { methodSources }),
	};
}

async function resolve(resolver: Resolvable, keyId: CanonicalDidUrl): Promise<DIDResolutionResult> {
	try {
		const result: unknown = await resolver.resolve(keyId.did, { fragment: keyId.fragment });
		if (isResolutionResult(result)) return result;
	} catch (cause) {
		throw new DidError("did/resolution", `the resolver threw on ${keyId.did}`, { cause });
	}
	throw new DidError("did/resolution", `the resolver gave no resolution result for ${keyId.did}`);
}

/** As much of its shape as is read here. */
function isResolutionResult(value: unknown): value is DIDResolutionResult {
	if (!isObject(value) || !isObject(value["didResolutionMetadata"])) return false;
	const { didDocument, didDocumentMetadata } = value;
	if (!isObject(didDocumentMetadata) || !(didDocument === null || isObject(didDocument))) return false;
	const { organization, revokedKey, credential, methodSources } = didDocumentMetadata;
	const isOurs = isObject(organization) && isOrganization(organization);
	return (
		(organization === undefined || isOurs) &&
		(revokedKey === undefined || isObject(revokedKey)) &&
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

function isCredential(value: unknown): boolean {
	if (!isObject(value)) return false;
	return [value["validFrom"], value["validUntil"]].every(
		(time) => time === undefined || Number.isFinite(time),
	);
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null;
}
