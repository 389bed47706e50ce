/**
 * The did-resolver plugin for `did:orgid`, and ORG.JSON documents: checked, built, signed.
 * @module
 */

export type { WithheldMethods } from "./did/withheld-methods.js";
export { type BuildDocumentOptions, buildDocument, encodeDocument } from "./document/build-document.js";
export type { CredentialValidity } from "./document/credential/credential-validity.js";
export {
	type OrgJsonCredential,
	type SignCredentialOptions,
	signCredential,
	type TypedDataSigner,
} from "./document/credential/sign-credential.js";
export type { DocumentCheckName, VerifiedCredential, VerifiedDocument } from "./document/document-checks.js";
export type { DocumentContext } from "./document/document-context.js";
export { hashDocument } from "./document/document-hash.js";
export type { DocumentMethod, DocumentMethods } from "./document/document-methods.js";
export type { DocumentFetchOptions } from "./document/fetch/fetch-document.js";
export { type DocumentCheck, type DocumentReport, inspectDocument } from "./document/inspect-document.js";
export type { NewMethod } from "./document/new-method.js";
export type { OrgJson } from "./document/org-json.js";
export type { OrgIdDocumentMetadata } from "./resolver/did-document.js";
export type { MethodSource } from "./resolver/method-candidates.js";
export type { NetworkHealth } from "./resolver/network-health.js";
export { createOrgIdResolver, type OrgIdResolver } from "./resolver/resolver.js";
export type {
	DocumentOptions,
	OrgIdNetwork,
	OrgIdResolverOptions,
	ResolverCacheOptions,
	ResolverWatchOptions,
} from "./resolver/resolver-options.js";
export type { RecordStore, SharedCacheOptions, StoredText, StoreListener } from "./resolver/sharing/record-store.js";
export type { SharedCacheStatus } from "./resolver/sharing/store-guard.js";
export type { WatchStatus } from "./resolver/watcher/network-watcher.js";
