/**
 * The grammar of `did:orgid`, and keys of DID documents.
 * @module
 */
export { type AccountId, parseAccountId } from "./did/account-id.js";
export {
	type CanonicalDidUrl,
	type DidUrl,
	formatDidUrl,
	isFragment,
	type OrgId,
	parseDidUrl,
	toCanonicalDidUrl,
} from "./did/did-url.js";
export { importVerificationKey, selectVerificationMethod } from "./did/verification-method.js";
