/**
 * The did-resolver plugin for `did:orgid`.
 * @module
 */
export type { OrgIdDocumentMetadata } from "./orgid/did-document.js";
export {
	createOrgIdResolver,
	type OrgIdNetwork,
	type OrgIdResolver,
	type OrgIdResolverOptions,
} from "./orgid/resolver.js";
