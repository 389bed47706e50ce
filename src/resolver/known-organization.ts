/**
 * An organization as far as it is known, and where its keys come from.
 * @module
 */
import type { OnChainKey, OrgRecord } from "../registry/org-record.js";
import type { LoadedDocument } from "./document-loader.js";
import { ACCOUNT_NAMES } from "./method-candidates.js";

/** An organization's record, and its document if it was loaded. */
export interface KnownOrganization extends LoadedDocument {
	readonly record: OrgRecord;
	/** The requested key, if it was revoked on chain. */
	readonly revokedKey?: OnChainKey;
	/** All keys that are known to have been revoked on chain, by name. */
	readonly revokedKeys?: ReadonlyMap<string, OnChainKey> | undefined;
}

/** Whether a key or account can be used without the document. */
export function needsNoDocument(record: OrgRecord, fragment: string): boolean {
	return ACCOUNT_NAMES.has(fragment) || isOnChain(record, fragment);
}

export function isOnChain(record: OrgRecord, fragment: string): boolean {
	return record.keys.some((key) => key.fragment === fragment);
}

export function isPublished({ record, document }: KnownOrganization, fragment: string): boolean {
	const id = `${record.did}#${fragment}`;
	return document?.orgJson.methods.some((method) => method.id === id) === true;
}
