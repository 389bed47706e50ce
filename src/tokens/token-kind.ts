/**
 * The interfaces of a kind of token. A verifier takes the kind's profile, {@link createTokenMinter} its minter;
 * built-in and custom kinds implement the same two interfaces.
 * @module
 */
import type { Awaitable } from "../encoding/awaitable.js";
import type { JsonObject } from "../encoding/json.js";
import type { TimeLimits } from "../jws/claims.js";
import type { CompactJws } from "../jws/decode-token.js";
import type { OrgRecord } from "../registry/org-record.js";

/** The issuer a token names; not trusted until the signature is verified. */
export interface TokenIssuer {
	/** Canonical: for organizations the bare DID with its chain, for ioctl the `io1…` address, for apps their id. */
	readonly issuer: string;
	/** Who must have signed the token, for error messages; for a single key its canonical DID URL. */
	readonly signer: string;
	/**
	 * Finds the issuer's keys. No network request is made before this call. If it returns the object of an earlier call,
	 * without a promise, nothing about the issuer has changed since: a signature that was verified then is still valid.
	 *
	 * @throws {TokenError} `token/issuer-unknown` if the issuer isn't known
	 */
	resolve(): Awaitable<ResolvedIssuer>;
}

/** The issuer's keys or accounts, and what is known about the issuer. */
export interface ResolvedIssuer {
	/** The registry's record, if the resolver provides it. */
	readonly organization?: OrgRecord;
	/** Whether this is an earlier state, used because of an outage. */
	readonly isStale?: boolean;
	/**
	 * Verifies the token's signature. Returns the canonical name of the key or account that made it, or undefined if
	 * none of them did. A result that depends on more than this object and the token must be a promise: others may be
	 * remembered.
	 */
	findSigner(jws: CompactJws): Awaitable<string | undefined>;
	/** Throws if the key isn't valid now; absent if keys of this kind have no validity period. */
	assertValidity?(limits: TimeLimits): Awaitable<void>;
}

/** The claims that every kind of token has in some form. */
export interface VerifiedClaims {
	/** `exp` in seconds since the epoch; undefined only if the profile accepts tokens without one. */
	readonly expiresAt: number | undefined;
	/** The scopes the token carries, without duplicates. */
	readonly scopes: readonly string[];
}

/** The parts of an HTTP request that an access control list checks. */
export interface RequestDetails {
	/** The method, compared exactly: methods are case-sensitive (RFC 9110 section 9.1). */
	readonly method: string;
	/** The absolute path as the server routes it, without query and fragment. */
	readonly path: string;
	/** Query or body parameters by name; only rules with filters read them. */
	readonly parameters?: Readonly<Record<string, string>> | undefined;
}

/** What a token must grant for one call. A scope, resource or operation that is `undefined` is refused. */
export interface RequiredGrant {
	/** Scopes the token must carry. */
	readonly scope?: string | readonly string[];
	/** The resource that `sub` must name exactly. */
	readonly resource?: string;
	/** The operation that must be among the token's scopes. */
	readonly operation?: string;
	/** The request itself, for tokens that carry an access control list. */
	readonly request?: RequestDetails | undefined;
}

/** The verifying side of a kind of token, for `createVerifier`. */
export interface Profile {
	/** The kind's name, such as `orgid`; `profile` of a verified token. */
	readonly name: string;
	/**
	 * Returns whether the token's header and claims mark it as one of this kind. If several profiles of a verifier
	 * recognize a token, the one that knows the issuer is selected, among those whose `parseIssuer` doesn't refuse it.
	 */
	recognizes(jws: CompactJws): boolean;
	/**
	 * Checks the header and the syntax of the issuer; throws coded errors, uses no network. The result, or the refusal,
	 * must depend on the token alone: it isn't asked for again while the token is remembered.
	 */
	parseIssuer(jws: CompactJws): TokenIssuer;
	/** Checks all claims; called before the keys are looked up, and again after the signature is verified. */
	verifyClaims(jws: CompactJws, limits: TimeLimits): VerifiedClaims;
	/** Throws if a valid token doesn't grant what is required; absent if the kind has no such rules. */
	assertGrant?(claims: JsonObject, scopes: readonly string[], required: RequiredGrant): Awaitable<void>;
	/** Whether issuers can be looked up now; absent if the kind doesn't need the network, or can't tell. */
	isReady?(): Promise<boolean>;
}

/** Options of one token that every kind has. */
export interface TokenOptions {
	/** Its lifetime in whole seconds, instead of the minter's. */
	readonly lifetimeSeconds?: number | undefined;
}

/** The time that a token is minted at; all values are in seconds. */
export interface MintTime {
	/** The current time, since the epoch. */
	readonly now: number;
	/** The token's lifetime, already checked against the maximum. */
	readonly lifetimeSeconds: number;
	/** The longest lifetime the minter allows. */
	readonly maxLifetimeSeconds: number;
}

/** The minting side of a kind of token, for {@link createTokenMinter}. */
export interface TokenMinter<Options extends TokenOptions = TokenOptions> {
	/** The lifetime of tokens unless another one is requested, in seconds. */
	readonly defaultLifetimeSeconds: number;
	/** The longest lifetime the kind allows, in seconds; unlimited by default. */
	readonly maxLifetimeSeconds?: number | undefined;
	/** How far back `iat` is set, in seconds; 0 by default. The lifetime starts at `iat`. */
	readonly backdateSeconds?: number | undefined;
	/** Throws a coded error if the options of a token are invalid. */
	assertOptions(options: Options): void;
	/** Builds and signs one token. */
	mint(options: Options, time: MintTime): Promise<string>;
}

/** What a token that is used for many requests can be for; each kind of token has some of these options. */
export type ReusableTokenOptions<Options> = Pick<
	Options,
	("audience" | "scope" | "resource" | "operation") & keyof Options
>;

/** Options of a minter's `discard`. */
export type DiscardOptions<Options> = ReusableTokenOptions<Options> & {
	/** The `Date` header of the server's response; ignored unless it is valid and at most a day from our clock. */
	readonly serverDate?: string | null | undefined;
};

/** Mints tokens of one kind; `Options` are the options of a single token. */
export interface Minter<Options extends TokenOptions = TokenOptions> {
	/** Mints a new token. */
	mint(options?: Options): Promise<string>;
	/**
	 * Returns a token without extra claims for the audience, by default the minter's, and the scopes: the same one until
	 * a fifth of its lifetime is left. Concurrent calls share one. The last 1,000 tokens are remembered.
	 */
	token(options?: ReusableTokenOptions<Options>): Promise<string>;
	/**
	 * Has `token`, if called with the same options, mint a new one instead of this one, which a server has refused. With
	 * `serverDate`, all later tokens for the audience follow the server's clock.
	 */
	discard(token: string, options?: DiscardOptions<Options>): void;
}
