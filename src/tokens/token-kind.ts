/**
 * What a verifier needs to know of a kind of token: how to recognize it, what it must say, and who may
 * sign it. A verifier takes exactly the profiles it was given, so no kind can pass for another.
 * @module
 */

import type { JsonObject } from "../encoding/json.js";
import type { TimeLimits } from "../jws/claims.js";
import type { CompactJws } from "../jws/decode-token.js";
import type { OrgRecord } from "../registry/org-record.js";

/** The names of the kinds of token. */
export const PROFILE_NAMES = [
	"orgid",
	"orgid-account",
	"orgid-eth",
	"orgid-eip712",
	"ioctl",
	"github-app",
	"icr-app",
	"vonage",
] as const;

/** The name of a kind of token. */
export type ProfileName = (typeof PROFILE_NAMES)[number];

/** Who a token says it is from; believed only once the signature holds. */
export interface TokenIssuer {
	/** Canonical: for organizations the bare DID with its chain, for ioctl the `io1…` address, for apps their id. */
	readonly issuer: string;
	/** Whose signature it must carry, in words for a refusal; for one key its canonical DID URL. */
	readonly signer: string;
	/**
	 * Finds the issuer's keys; throws `token/issuer-unknown` where there are none. The first moment anything may
	 * go out on the network.
	 */
	resolve(): Promise<ResolvedIssuer>;
}

/** The issuer's keys or accounts, and what is known of the issuer. */
export interface ResolvedIssuer {
	/** The registry's record, where the resolver gives it. */
	readonly organization?: OrgRecord;
	/**
	 * Verifies the signature of the token this issuer was read from: answers with the canonical DID URL of
	 * the key or account that made it, undefined where none of the issuer's did.
	 */
	findSigner(jws: CompactJws): Promise<string | undefined>;
	/** Refuses a key that is not in force now; absent where keys have no dates. */
	checkValidity?(limits: TimeLimits): void;
}

/** What the claims say that every kind of token says its own way. */
export interface CheckedClaims {
	/** `exp`, seconds since the epoch; undefined only where the profile takes tokens without one. */
	readonly expiresAt: number | undefined;
	/** The scopes the token carries, each once. */
	readonly scopes: readonly string[];
}

/** An HTTP request, as far as an access control list judges it. */
export interface RequestDetails {
	/** The method, compared exactly: methods are case-sensitive (RFC 9110 section 9.1). */
	readonly method: string;
	/** The absolute path as the server routes it, without query and fragment. */
	readonly path: string;
	/** Query or body parameters by name; only rules with filters read them. */
	readonly parameters?: Readonly<Record<string, string>> | undefined;
}

/** What one call asks a token for. */
export interface RequiredGrant {
	/** Scopes the token must carry. */
	readonly scope?: string | readonly string[] | undefined;
	/** The resource that `sub` must name exactly. */
	readonly resource?: string | undefined;
	/** The operation that the token's scopes must hold. */
	readonly operation?: string | undefined;
	/** The request itself, for tokens that carry an access control list. */
	readonly request?: RequestDetails | undefined;
}

/** A kind of token, as `createVerifier` takes it. */
export interface Profile {
	/** The kind's name. */
	readonly name: ProfileName;
	/**
	 * Tells by explicit marks whether a token is of this kind. The kinds exclude each other, but for the two
	 * kinds of app: of those the one that knows the issuer judges.
	 */
	recognizes(jws: CompactJws): boolean;
	/** Holds the header and the issuer's grammar against the rules; throws coded errors, uses no network. */
	parseIssuer(jws: CompactJws): TokenIssuer;
	/** Holds all claims against the rules; called before the key is fetched and again under the signature. */
	checkClaims(jws: CompactJws, limits: TimeLimits): CheckedClaims;
	/** Refuses a good token that doesn't grant what is asked; absent where the kind has no rule of its own. */
	checkGrant?(claims: JsonObject, scopes: readonly string[], asked: RequiredGrant): void;
}
