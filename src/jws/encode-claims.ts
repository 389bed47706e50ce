/**
 * Encodes the claims of a token to mint, so that all verifiers decode exactly these.
 * @module
 */
import type { JsonObject } from "../encoding/json.js";
import { assertJson } from "../options/assert-json.js";
import { assertPayload } from "./decode-token.js";

/** In text without these, only numbers and surrogates could be refused, and `assertJson` has checked them. */
const UNCLEAR = ["\\", "__proto__", "constructor"];

/**
 * Encodes claims as JSON. They are an object that nothing else changes; claims from outside may be its members. What
 * `decodeToken` would refuse is refused here, without parsing the JSON if the claims are plain.
 */
export function encodeClaims(claims: JsonObject): string {
	assertJson(claims, "claims");
	const text = JSON.stringify(claims);
	if (!isPlain(claims, text)) assertPayload(text);
	return text;
}

/** Objects in claims may have getters, so what was encoded needn't be what was checked. */
function isPlain(claims: JsonObject, text: string): boolean {
	if (UNCLEAR.some((part) => text.includes(part))) return false;
	return Object.values(claims).every((value) => typeof value !== "object" || value === null);
}
