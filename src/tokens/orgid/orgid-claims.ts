/**
 * What a freshly minted ORGiD token says: its header and claims, before they are signed.
 * @module
 */
import { parseDidUrl } from "../../did/did-url.js";
import { toScopes } from "../../jws/scope.js";
import { invalidOption } from "../../options/invalid-option.js";
import { assertExtraClaims } from "../extra-claims.js";

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

/** Builds an ORGiD token's header and claims. */
export function buildOrgIdToken(parts: OrgIdClaims): { header: object; claims: object } {
	const { issuer, audience, now, ttlSeconds, scope, scopeFormat, claims = {} } = parts;
	assertExtraClaims(claims);
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

/** Refuses what can't be the issuer of an ORGiD token. */
export function checkIssuer(issuer: string): void {
	if (parseDidUrl(issuer).fragment !== undefined) return;
	throw invalidOption("issuer", `the DID URL of a key, as in ${issuer}#webserver`, { got: issuer });
}

/** Writes `scope`. */
export function formatScope(scope: string | readonly string[], format: ScopeFormat): string {
	const scopes = toScopes(scope);
	const text = scopes.join(" ");
	// A text that begins with [ would be read as JSON.
	return format === "json" || text.startsWith("[") ? JSON.stringify(scopes) : text;
}
