/**
 * What a verifier needs to know of a kind of token: how to recognize it, what it must say, and where its
 * key comes from. A verifier takes exactly the profiles it was given, so no kind can pass for another.
 * @module
 */
import type { PublicKey } from "../keys/public-key.js";
import type { OrgRecord } from "../registry/org-record.js";
import type { TimeLimits } from "../token/claims.js";
import type { CompactJws } from "../token/compact-jws.js";

/** The names of the kinds of token. */
export type ProfileName = "orgid";

/** Who a token says it is from; believed only once the signature holds. */
export interface TokenIssuer {
	/** Canonical: for organizations the bare DID with its chain. */
	readonly issuer: string;
	/** Canonical: for organizations the DID URL of the key. */
	readonly keyId: string;
	/** Finds the issuer's key. The first moment anything may go out on the network. */
	resolve(): Promise<ResolvedIssuer>;
}

/** The issuer's key, and what is known of the issuer. */
export interface ResolvedIssuer {
	/** The key that must have signed the token. */
	readonly publicKey: PublicKey;
	/** The registry's record, where the resolver gives it. */
	readonly organization?: OrgRecord;
	/** Refuses a key that is not in force now. */
	checkValidity(limits: TimeLimits): void;
}

/** A kind of token, as `createVerifier` takes it. */
export interface Profile {
	/** The kind's name. */
	readonly name: ProfileName;
	/** Tells by explicit marks whether a token is of this kind; the kinds exclude each other. */
	recognizes(jws: CompactJws): boolean;
	/** Holds the header and the issuer's grammar against the rules; throws coded errors, uses no network. */
	readIssuer(jws: CompactJws): TokenIssuer;
	/** Holds all claims against the rules; called before the key is fetched and again under the signature. */
	checkClaims(jws: CompactJws, limits: TimeLimits): { readonly expiresAt: number };
}
