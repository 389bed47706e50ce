/**
 * The `scope` claim in all its forms: space-delimited text (RFC 8693 section 4.2), a JSON array, and the text of a JSON
 * array (as Winding Tree's SDK writes it). Scopes are a set: order and repetition mean nothing.
 * @module
 */
import { type JsonObject, parseJson } from "../encoding/json.js";
import { undefinedOnError } from "../encoding/undefined-on-error.js";
import { invalidOption } from "../options/invalid-option.js";
import { invalidClaim } from "./claims.js";

const EXPECTED = "space-delimited scopes, a JSON array of them, or such an array as text";

const NONE: readonly string[] = Object.freeze([]);

/**
 * Parses the scopes of a token.
 *
 * @example
 * ```ts
 * import { parseScopes } from "orgpass/jws";
 *
 * parseScopes({ scope: "book cancel" }); // => ["book", "cancel"]
 * parseScopes({ scope: '["book","cancel","book"]' }); // => ["book", "cancel"]
 * parseScopes({}); // => []
 * ```
 * @param claims the decoded claims
 * @returns each scope once, in the token's order
 * @throws {TokenError} `token/claim-invalid`
 */
export function parseScopes(claims: JsonObject): readonly string[] {
	const scope = claims["scope"];
	if (scope === undefined) return NONE;
	if (isScopeToken(scope) && !isJsonArray(scope)) return Object.freeze([scope]);
	const scopes = Array.isArray(scope) ? scope : splitText(scope);
	for (const entry of scopes) if (!isScopeToken(entry)) throw invalidClaim("scope", EXPECTED, scope);
	return Object.freeze([...new Set(scopes as string[])]);
}

/** Parses the scopes in an option, in any form that tokens have. */
export function toScopes(scope: string | readonly string[]): readonly string[] {
	try {
		return parseScopes({ scope });
	} catch (cause) {
		throw invalidOption("scope", EXPECTED, { cause });
	}
}

/** Checks whether a value is one scope (RFC 6749 section 3.3): printable ASCII except space, `"` and `\`. */
function isScopeToken(value: unknown): value is string {
	if (typeof value !== "string" || value === "") return false;
	for (let i = 0; i < value.length; i++) {
		const code = value.charCodeAt(i);
		if (code <= 0x20 || code >= 0x7f || code === 0x22 || code === 0x5c) return false;
	}
	return true;
}

function isJsonArray(scope: string): boolean {
	return scope.startsWith("[");
}

function splitText(scope: unknown): readonly unknown[] {
	if (typeof scope !== "string") throw invalidClaim("scope", EXPECTED, scope);
	if (!isJsonArray(scope)) return scope.split(" ").filter((entry) => entry !== "");
	const scopes = undefinedOnError(() => parseJson(scope));
	if (scopes !== undefined) return scopes as readonly unknown[];
	throw invalidClaim("scope", EXPECTED, scope);
}
