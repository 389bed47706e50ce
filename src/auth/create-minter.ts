/**
 * The minter: makes an organization's tokens.
 * @module
 */
import * as z from "zod/mini";
import { ConfigError } from "../errors.js";
import type { Signer } from "../keys/types.js";
import { checkOptions } from "../options/check-options.js";
import {
	anyFunction,
	nonEmptyString,
	objectWith,
	positiveInteger,
	stringOrStrings,
} from "../options/schemas.js";
import { buildOrgIdToken, checkIssuer, type ScopeFormat } from "../profiles/orgid-claims.js";
import { decodeToken } from "../token/compact-jws.js";
import { signToken } from "../token/sign-token.js";
import { DEFAULT_MAX_LIFETIME_SECONDS } from "./create-verifier.js";

/** Options of {@link createMinter} for ORGiD tokens. */
export interface OrgIdMinterOptions {
	/** The kind of token. */
	readonly profile: "orgid";
	/** The private key, or a signer that keeps it elsewhere. */
	readonly key: Signer;
	/** DID URL of the key: `did:orgid:<chain id>:0x…#webserver`. */
	readonly issuer: string;
	/** DIDs of the servers the tokens are for; `mint` can name others. */
	readonly audience?: string | readonly string[];
	/** A token's life in whole seconds; 3,600 by default. */
	readonly ttlSeconds?: number;
	/** The longest life that may be asked for; 86,400 by default, as verifiers have it. */
	readonly maxLifetimeSeconds?: number;
	/** How scopes are written: space-delimited `text` by default, or `json`, which Winding Tree's SDK reads. */
	readonly scopeFormat?: ScopeFormat;
	/** The clock: seconds since the epoch; the system's by default. */
	readonly now?: () => number;
}

/** Options of {@link createMinter}, one shape per kind of token. */
export type MinterOptions = OrgIdMinterOptions;

/** Options of one token. */
export interface MintOptions {
	/** For whom it is, instead of the minter's audience. */
	readonly audience?: string | readonly string[];
	/** What it grants: space-delimited, or an array. */
	readonly scope?: string | readonly string[];
	/** Its life in whole seconds, instead of the minter's. */
	readonly ttlSeconds?: number;
	/** Further claims; the registered ones a minter sets itself are refused. */
	readonly claims?: Readonly<Record<string, unknown>>;
}

/** Makes tokens. */
export interface Minter {
	/** Makes a new token. */
	mint(options?: MintOptions): Promise<string>;
	/** Gives a token without further claims, the same one until a fifth of its life is left. */
	token(): Promise<string>;
}

const optionsSchema = z.strictObject(
	{
		profile: z.literal("orgid", '"orgid"'),
		key: objectWith("sign"),
		issuer: nonEmptyString,
		audience: z.optional(stringOrStrings),
		ttlSeconds: z.optional(positiveInteger),
		maxLifetimeSeconds: z.optional(positiveInteger),
		scopeFormat: z.optional(z.enum(["text", "json"], '"text" or "json"')),
		now: z.optional(anyFunction),
	},
	"an object",
);

const mintOptionsSchema = z.optional(
	z.strictObject(
		{
			audience: z.optional(stringOrStrings),
			scope: z.optional(z.union([z.string(), z.array(z.string())], "text or an array of strings")),
			ttlSeconds: z.optional(positiveInteger),
			claims: z.optional(z.looseObject({}, "an object of claims")),
		},
		"an object",
	),
);

/**
 * Makes a minter of ORGiD tokens: header `{"alg":"ES256K","typ":"JWT","kid":<iss>}`, claims `iss`, `aud`,
 * `iat`, `exp`, `jti` and what `mint` is given.
 *
 * @example
 * ```ts
 * import { createMinter, generateKeyPair } from "orgpass";
 * import { decodeToken } from "orgpass/token";
 *
 * const { privateKey } = await generateKeyPair();
 * const issuer = `did:orgid:100:0x${"0a".repeat(32)}#webserver`;
 * const minter = createMinter({ profile: "orgid", key: privateKey, issuer, audience: "did:orgid:100:0x…" });
 * const { header, claims } = decodeToken(await minter.mint({ scope: ["book"], claims: { sub: "order-1" } }));
 * header; // => { alg: "ES256K", typ: "JWT", kid: issuer }
 * [claims["scope"], claims["sub"]]; // => ["book", "order-1"]
 * ```
 * @param options who signs, for whom, for how long
 * @returns the minter; its methods throw `config/invalid-option` for a missing audience, a life that is too
 * long or a reserved claim, and `key/signing-fault` for a signer that fails
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @throws {DidError} `did/syntax` for a bad issuer
 */
export function createMinter(options: MinterOptions): Minter {
	checkOptions(optionsSchema, options, "createMinter");
	const {
		key,
		issuer,
		ttlSeconds: usualTtl = 3_600,
		maxLifetimeSeconds = DEFAULT_MAX_LIFETIME_SECONDS,
		scopeFormat = "text",
		now = systemClock,
	} = options;
	const usualAudience = Array.isArray(options.audience) ? [...options.audience] : options.audience;
	checkIssuer(issuer);
	checkTtl(usualTtl);
	let current: Promise<string> | undefined;
	let mintedAt = 0;

	return Object.freeze({ mint, token });

	async function mint(asked: MintOptions = {}): Promise<string> {
		checkOptions(mintOptionsSchema, asked, "mint");
		const { audience = usualAudience, ttlSeconds = usualTtl, scope, claims } = asked;
		if (audience === undefined) throw invalid("audience", "given to createMinter or to mint");
		checkTtl(ttlSeconds);
		const parts = { issuer, audience, now: readClock(), ttlSeconds, scope, scopeFormat, claims };
		const token = await signToken({ ...buildOrgIdToken(parts), signer: key });
		decodeToken(token);
		return token;
	}

	function token(): Promise<string> {
		const age = now() - mintedAt;
		if (current !== undefined && age >= 0 && age < usualTtl * 0.8) return current;
		mintedAt = now();
		const minting = mint();
		current = minting;
		minting.catch(() => {
			if (current === minting) current = undefined;
		});
		return minting;
	}

	function readClock(): number {
		const seconds = now();
		if (Number.isFinite(seconds)) return seconds;
		throw invalid("now", "a function that returns seconds since the epoch");
	}

	function checkTtl(ttlSeconds: number): void {
		if (ttlSeconds <= maxLifetimeSeconds) return;
		throw invalid("ttlSeconds", `at most maxLifetimeSeconds (${maxLifetimeSeconds}), got ${ttlSeconds}`);
	}
}

function invalid(option: string, expected: string): ConfigError {
	return new ConfigError("config/invalid-option", `${option} must be ${expected}`, { details: { option } });
}

function systemClock(): number {
	return Date.now() / 1_000;
}
