/**
 * Encodes the claims of a token to mint, so that all verifiers decode exactly these.
 * @module
 */
import type { JsonObject } from "../encoding/json.js";
import { REFUSED_NAMES } from "../encoding/refused-names.js";
import { assertJson } from "../options/assert-json.js";
import { assertPayload } from "./decode-token.js";

/** What decoders refuse: some names, and how `JSON.stringify` begins to write a lone surrogate. */
const UNCLEAR = [...REFUSED_NAMES, "\\"];

/**
 * Encodes claims as JSON: an object literal, whose members may come from outside. What `decodeToken` would refuse is
 * refused here, without parsing the JSON if the claims are plain.
 */
export function encodeClaims(claims: JsonObject): string {
	const isPlain = Object.values(claims).every(isPlainValue);
	if (!isPlain) assertJson(claims, "claims");
	const text = JSON.stringify(claims);
	// Objects may have getters, so what was encoded needn't be what was checked.
	if (!isPlain || UNCLEAR.some((part) => text.includes(part))) assertPayload(text);
	return text;
}

/** Whether a value can be encoded in one way only, which all parsers read alike. */
function isPlainValue(value: unknown): boolean {
	if (typeof value === "string") return value.isWellFormed();
	if (typeof value === "number") return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
	return typeof value === "boolean" || value === null;
}
