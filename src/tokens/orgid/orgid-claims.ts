/**
 * What a freshly minted ORGiD token says: its header and claims, before they are signed.
 * @module
 */
import { parseDidUrl } from "../../did/did-url.js";
import { describe } from "../../errors/format-value.js";
import { ConfigError } from "../../errors/errors.js";
import { toScopes } from "../../jws/scope.js";

/** How `scope` is written: space-delimited (RFC 8693 4.2), or as the text of a JSON array, as org.id-auth reads it. */
export type ScopeFormat = "text" | "json";

/** The parts of a token to mint; times are seconds. */
export interface OrgIdClaims {
	/** DID URL of the signing key. */
	readonly issuer: string;
	/** DIDs of the servers it is for. */
	readonly audience: string | readonly string[];
	/** The present, seconds since the epoch. */
	readonly now: number;
	/** The token's life. */
	readonly ttlSeconds: number;
	/** What it grants. */
	readonly scope?: string | readonly string[] | undefined;
	/** How `scope` is written. */
	readonly scopeFormat: ScopeFormat;
	/** Further claims. */
	readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

/** Claims a minter sets itself; `mint` refuses them among `claims`. */
const RESERVED = ["iss", "aud", "exp", "iat", "nbf", "jti", "scope"];

/** Names no parser of tokens takes, ours included. */
const POISONOUS = ["__proto__", "constructor"];

/**
 * Builds an ORGiD token's header and claims.
 *
 * @param parts who, for whom, for how long
 * @returns the two JSON objects to sign
 * @throws {ConfigError} `config/invalid-option` for a reserved name or a value JSON can't carry
 */
export function buildOrgIdToken(parts: OrgIdClaims): { header: object; claims: object } {
	const { issuer, audience, now, ttlSeconds, scope, scopeFormat, claims = {} } = parts;
	checkFurtherClaims(claims);
	const iat = Math.floor(now);
	return {
		header: { alg: "ES256K", typ: "JWT", kid: issuer },
		claims: {
			iss: issuer,
			aud: audience,
			iat,
			exp: iat + ttlSeconds,
			jti: crypto.randomUUID(),
			...(scope === undefined ? {} : { scope: formatScope(scope, scopeFormat) }),
			...claims,
		},
	};
}

/**
 * Refuses claims that a minter sets itself, and what JSON can't carry.
 *
 * @param claims further claims of a token
 * @param reserved the names a minter sets itself
 * @throws {ConfigError} `config/invalid-option`
 */
export function checkFurtherClaims(
	claims: Readonly<Record<string, unknown>>,
	reserved: readonly string[] = RESERVED,
): void {
	for (const name of Object.keys(claims)) {
		if (POISONOUS.includes(name)) throw claimError(name, "another name");
		if (reserved.includes(name)) throw claimError(name, "left to the minter and its options");
		if (!isJson(claims[name])) throw claimError(name, "a JSON value");
	}
}

/**
 * Refuses what can't be the issuer of an ORGiD token.
 *
 * @param issuer a DID URL with its fragment
 * @throws {DidError} `did/syntax`
 * @throws {ConfigError} `config/invalid-option` where the fragment is missing
 */
export function checkIssuer(issuer: string): void {
	if (parseDidUrl(issuer).fragment !== undefined) return;
	throw new ConfigError(
		"config/invalid-option",
		`issuer must name a key, as in ${issuer}#webserver; got ${describe(issuer)}`,
		{ details: { option: "issuer" } },
	);
}

/**
 * Writes `scope`.
 *
 * @param scope what a token grants
 * @param format how it is written
 * @returns the claim's value
 * @throws {ConfigError} `config/invalid-option`
 */
export function formatScope(scope: string | readonly string[], format: ScopeFormat): string {
	const scopes = toScopes(scope);
	const text = scopes.join(" ");
	// A text that begins with [ would be read as JSON.
	return format === "json" || text.startsWith("[") ? JSON.stringify(scopes) : text;
}

function isJson(value: unknown): boolean {
	try {
		return JSON.stringify(value) !== undefined;
	} catch {
		return false;
	}
}

function claimError(name: string, expected: string): ConfigError {
	return new ConfigError("config/invalid-option", `the claim ${describe(name)} must be ${expected}`, {
		details: { option: `claims.${name}` },
	});
}
