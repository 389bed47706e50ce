/**
 * What a verifier answers about a token that passed every check.
 * @module
 */
import type { ProfileName } from "../profiles/profile.js";
import type { OrgRecord } from "../registry/org-record.js";
import type { JsonObject } from "../token/compact-jws.js";

/** A verified token; frozen. */
export interface VerifiedToken {
	/** The kind of token. */
	readonly profile: ProfileName;
	/** Who signed it: for organizations the canonical bare DID. */
	readonly issuer: string;
	/** The key or account it was signed with: for organizations the canonical DID URL, such as `…#webserver` or `…#owner`. */
	readonly keyId: string;
	/** The claims as signed. */
	readonly claims: JsonObject;
	/** The scopes it carries, each once. */
	readonly scopes: readonly string[];
	/** The registry's record of the issuer, where the resolver gives it. */
	readonly organization?: OrgRecord;
	/** `exp`: seconds since the epoch. */
	readonly expiresAt: number;
}
