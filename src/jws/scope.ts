/**
 * The `scope` claim in the spellings that exist: space-delimited text (RFC 8693 4.2), a JSON array, and the
 * text of a JSON array (Winding Tree's SDK). Scopes are a set: neither order nor repetition means anything.
 * @module
 */
import type { JsonObject } from "../encoding/json.js";
import { parseJson } from "../encoding/json.js";
import { invalidOption } from "../options/invalid-option.js";
import { invalidClaim } from "./claims.js";

const EXPECTED = "space-delimited scopes, a JSON array of them, or such an array as text";

/**
 * Reads the scopes a token carries.
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
 * @returns each scope once, in the order of the token
 * @throws {TokenError} `token/claim-invalid`
 */
export function parseScopes(claims: JsonObject): readonly string[] {
	const scope = claims["scope"];
	if (scope === undefined) return Object.freeze([]);
	const scopes = Array.isArray(scope) ? scope : splitText(scope);
	for (const one of scopes) if (!isScopeToken(one)) throw invalidClaim("scope", EXPECTED, scope);
	return Object.freeze([...new Set(scopes as string[])]);
}

/** Reads scopes as a caller gives them, in the spellings of a token. */
export function toScopes(scope: string | readonly string[]): readonly string[] {
	try {
		return parseScopes({ scope });
	} catch (cause) {
		throw invalidOption("scope", EXPECTED, { cause });
	}
}

/** Tells whether a text is one scope (RFC 6749 3.3): printable ASCII but space, `"` and `\`. */
function isScopeToken(value: unknown): value is string {
	if (typeof value !== "string" || value === "") return false;
	for (let i = 0; i < value.length; i++) {
		const code = value.charCodeAt(i);
		if (code <= 0x20 || code >= 0x7f || code === 0x22 || code === 0x5c) return false;
	}
	return true;
}

function splitText(scope: unknown): readonly unknown[] {
	if (typeof scope !== "string") throw invalidClaim("scope", EXPECTED, scope);
	if (!scope.startsWith("[")) return scope.split(" ").filter((one) => one !== "");
	let value: unknown;
	try {
		value = parseJson(scope, { maxDepth: 2 });
	} catch {
		throw invalidClaim("scope", EXPECTED, scope);
	}
	return value as readonly unknown[];
}
