/**
 * What a verifier answers about a token that passed every check.
 * @module
 */

import type { JsonObject } from "../encoding/json.js";
import type { OrgRecord } from "../registry/org-record.js";

/** A verified token; frozen. */
export interface VerifiedToken {
	/** The name of the profile that verified it. */
	readonly profile: string;
	/** Who signed it: the canonical bare DID of an organization, the `io1…` address of an account, the id of an app. */
	readonly issuer: string;
	/**
	 * The key or account it was signed with: for organizations the canonical DID URL, such as `…#webserver` or
	 * `…#owner`; for ioctl the public key, `0x04…`; for apps the key's RFC 7638 thumbprint.
	 */
	readonly keyId: string;
	/** The claims as signed. */
	readonly claims: JsonObject;
	/** The scopes it carries, each once. */
	readonly scopes: readonly string[];
	/** The registry's record of the issuer, where the resolver gives it. */
	readonly organization?: OrgRecord;
	/** `exp`: seconds since the epoch; absent only where the profile takes tokens without one. */
	readonly expiresAt?: number;
}
