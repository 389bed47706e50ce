/** @module */
import type { JsonObject } from "../encoding/json.js";
import type { OrgRecord } from "../registry/org-record.js";

/** A verified token; frozen. */
export interface VerifiedToken {
	/** The name of the profile that verified it. */
	readonly profile: string;
	/** The issuer: an organization's canonical bare DID, an ioctl account's `io1…` address or an app's id. */
	readonly issuer: string;
	/**
	 * The key or account that signed it: for organizations the canonical DID URL, such as `…#webserver` or
	 * `…#owner`; for ioctl the public key, `0x04…`; for apps the key's RFC 7638 thumbprint.
	 */
	readonly keyId: string;
	/** The claims as signed. */
	readonly claims: JsonObject;
	/** The scopes it carries, without duplicates. */
	readonly scopes: readonly string[];
	/** The registry's record of the issuer, if the resolver provides it. */
	readonly organization?: OrgRecord;
	/** Present if the issuer's node or host is down, and an expired cache entry was used (`staleIfErrorSeconds`). */
	readonly stale?: true;
	/** `exp` in seconds since the epoch; absent only if the profile accepts tokens without one. */
	readonly expiresAt?: number;
}
