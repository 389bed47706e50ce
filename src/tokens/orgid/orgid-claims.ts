/**
 * Builds the header and claims of ORGiD tokens to mint.
 * @module
 */
import { parseDidUrl } from "../../did/did-url.js";
import type { JsonObject } from "../../encoding/json.js";
import { toScopes } from "../../jws/scope.js";
import { invalidOption } from "../../options/invalid-option.js";
import { assertExtraClaims } from "../extra-claims.js";
import type { OrganizationTokenParts } from "./organization-minter.js";

/** How `scope` is written: space-delimited (RFC 8693 section 4.2), or as JSON array text, which org.id-auth reads. */
export type ScopeFormat = "text" | "json";

/** The parts of a token to mint; `issuer` is the DID URL of the signing key. */
export interface OrgIdTokenParts extends OrganizationTokenParts {
	readonly issuer: string;
	readonly scopeFormat: ScopeFormat;
}

/** Builds an ORGiD token's claims. */
export function buildOrgIdClaims(parts: OrgIdTokenParts): JsonObject {
	const { issuer: iss, audience: aud, now, lifetimeSeconds, scope, scopeFormat, claims } = parts;
	if (claims !== undefined) assertExtraClaims(claims);
	const iat = Math.floor(now);
	const exp = iat + lifetimeSeconds;
	const scopes = scope === undefined ? {} : { scope: formatScope(scope, scopeFormat) };
	return { iss, aud, iat, exp, jti: crypto.randomUUID(), ...scopes, ...claims };
}

/** Throws if the issuer isn't the DID URL of a key. */
export function assertIssuer(issuer: string): void {
	if (parseDidUrl(issuer).fragment !== undefined) return;
	throw invalidOption("issuer", `the DID URL of a key, as in ${issuer}#webserver`, { got: issuer });
}

export function formatScope(scope: string | readonly string[], format: ScopeFormat): string {
	const scopes = toScopes(scope);
	const text = scopes.join(" ");
	// Text that begins with [ would be parsed as JSON.
	return format === "json" || text.startsWith("[") ? JSON.stringify(scopes) : text;
}
