/**
 * What a freshly minted ORGiD token says: its header and claims, before they are signed.
 * @module
 */
import { parseDidUrl } from "../../did/did-url.js";
import { toScopes } from "../../jws/scope.js";
import { invalidOption } from "../../options/invalid-option.js";
import { assertExtraClaims } from "../extra-claims.js";
import type { OrganizationTokenParts } from "./organization-minter.js";

/** How `scope` is written: space-delimited (RFC 8693 4.2), or as the text of a JSON array, as org.id-auth reads it. */
export type ScopeFormat = "text" | "json";

/** The parts of a token to mint. */
export interface OrgIdTokenParts extends OrganizationTokenParts {
	/** DID URL of the signing key. */
	readonly issuer: string;
	/** How `scope` is written. */
	readonly scopeFormat: ScopeFormat;
}

/** Builds an ORGiD token's header and claims. */
export function buildOrgIdToken(parts: OrgIdTokenParts): { header: object; claims: object } {
	const { issuer, audience, now, lifetimeSeconds, scope, scopeFormat, claims = {} } = parts;
	assertExtraClaims(claims);
	const iat = Math.floor(now);
	return {
		header: { alg: "ES256K", typ: "JWT", kid: issuer },
		claims: {
			iss: issuer,
			aud: audience,
			iat,
			exp: iat + lifetimeSeconds,
			jti: crypto.randomUUID(),
			...(scope === undefined ? {} : { scope: formatScope(scope, scopeFormat) }),
			...claims,
		},
	};
}

/** Refuses what can't be the issuer of an ORGiD token. */
export function assertIssuer(issuer: string): void {
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
