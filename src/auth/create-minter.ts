/**
 * The minter: makes an organization's tokens.
 * @module
 */
import * as z from "zod/mini";
import { ConfigError } from "../errors.js";
import { checkOptions } from "../options/check-options.js";
import { positiveInteger, stringOrStrings } from "../options/schemas.js";
import { buildAccountToken, parseAccountIssuer } from "../profiles/account-claims.js";
import { buildOrgIdToken, checkIssuer } from "../profiles/orgid-claims.js";
import { decodeToken } from "../token/compact-jws.js";
import { type AccountTokenForm, signAccountToken, toAccountSigner } from "../token/sign-account-token.js";
import { signToken } from "../token/sign-token.js";
import { DEFAULT_MAX_LIFETIME_SECONDS } from "./create-verifier.js";
import {
	type AccountMinterOptions,
	type MinterOptions,
	minterOptionsSchema,
	type OrgIdMinterOptions,
} from "./minter-options.js";

/** Options of one token. */
export interface MintOptions {
	/** For whom it is, instead of the minter's audience. */
	readonly audience?: string | readonly string[] | undefined;
	/** What it grants: space-delimited, or an array. */
	readonly scope?: string | readonly string[] | undefined;
	/** Its life in whole seconds, instead of the minter's. */
	readonly ttlSeconds?: number | undefined;
	/** Further claims; the registered ones a minter sets itself are refused. */
	readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

/** Makes tokens. */
export interface Minter {
	/** Makes a new token. */
	mint(options?: MintOptions): Promise<string>;
	/** Gives a token without further claims, the same one until a fifth of its life is left. */
	token(): Promise<string>;
}

/** What one token says besides what its minter always says; times are seconds. */
interface TokenParts {
	readonly audience: string | readonly string[];
	readonly now: number;
	readonly ttlSeconds: number;
	readonly scope?: string | readonly string[] | undefined;
	readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

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
 * Makes a minter. `profile` says of what kind: `orgid` tokens are signed with a key of the organization,
 * header `{"alg":"ES256K","typ":"JWT","kid":<iss>}`; `orgid-account`, `orgid-eth` and `orgid-eip712` with an
 * Ethereum account. Each has the claims `iss`, `aud`, `iat`, `exp`, `jti` and what `mint` is given.
 *
 * What a key or a local ethers wallet signs is verified before it is returned. Another account's signature
 * isn't: it may be a contract's, and only the chain can tell. A verifier with `providers` asks it.
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
	checkOptions(minterOptionsSchema, options, "createMinter");
	const {
		ttlSeconds: usualTtl = 3_600,
		maxLifetimeSeconds = DEFAULT_MAX_LIFETIME_SECONDS,
		now = systemClock,
	} = options;
	const usualAudience = Array.isArray(options.audience) ? [...options.audience] : options.audience;
	const make = options.profile === "orgid" ? keyMaker(options) : accountMaker(options);
	checkTtl(usualTtl);
	let current: Promise<string> | undefined;
	let mintedAt = 0;

	return Object.freeze({ mint, token });

	async function mint(asked: MintOptions = {}): Promise<string> {
		checkOptions(mintOptionsSchema, asked, "mint");
		const { audience = usualAudience, ttlSeconds = usualTtl, scope, claims } = asked;
		if (audience === undefined) throw invalid("audience", "given to createMinter or to mint");
		checkTtl(ttlSeconds);
		const token = await make({ audience, now: readClock(), ttlSeconds, scope, claims });
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

function keyMaker(options: OrgIdMinterOptions): (parts: TokenParts) => Promise<string> {
	const { key, issuer, scopeFormat = "text" } = options;
	checkIssuer(issuer);
	return (parts) => signToken({ ...buildOrgIdToken({ ...parts, issuer, scopeFormat }), signer: key });
}

function accountMaker(options: AccountMinterOptions): (parts: TokenParts) => Promise<string> {
	const { profile: kind } = options;
	const issuer = parseAccountIssuer(kind, options.issuer);
	const account = toAccountSigner(options.key);
	const form: AccountTokenForm =
		options.profile === "orgid-account"
			? { kind: "orgid-account", domain: { chainId: issuer.chainId as number, registry: options.registry } }
			: { kind: options.profile };
	return async (parts) => {
		const { header, claims } = buildAccountToken(kind, issuer, parts);
		return signAccountToken(header, claims, account, form);
	};
}

function invalid(option: string, expected: string): ConfigError {
	return new ConfigError("config/invalid-option", `${option} must be ${expected}`, { details: { option } });
}

function systemClock(): number {
	return Date.now() / 1_000;
}
